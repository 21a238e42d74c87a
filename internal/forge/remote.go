package forge

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Remote is a repository elsewhere, seen from one on this machine.
type Remote struct {
	Root  string // of the repository here
	URL   string
	Token Token // for https; over ssh git has its user's keys
}

// call runs a command of git that talks to the remote. The token reaches git as
// a header in the environment of this one process: arguments are seen by every
// user of the machine, and files stay. So that it reaches nobody else, such a
// git runs no hook and no credential helper, follows no redirect, and traces
// nothing, whatever its user's configuration says. Where that configuration
// sends git to another address it gets no token.
func (r Remote) call(ctx context.Context, g git) ([]byte, error) {
	g.dir = r.Root
	g.env = append(g.env, silent...)
	if r.withToken(ctx) {
		g.set = append(g.set, "credential.helper=", "http.followRedirects=false", "core.hooksPath=/dev/null", "push.gpgSign=false",
			"core.fsmonitor=false", "gc.auto=0", "maintenance.auto=false")
		g.env = append(g.env, r.header()...)
		g.env = append(g.env, "GIT_TRACE2=0", "GIT_TRACE2_PERF=0", "GIT_TRACE2_EVENT=0", "GIT_TRACE_REDACT=1", "GIT_ALLOW_PROTOCOL=http:https")
	} else {
		for _, name := range []string{"GIT_SSH_COMMAND", "GIT_SSH", "GIT_SSH_VARIANT"} {
			if v, ok := os.LookupEnv(name); ok {
				g.env = append(g.env, name+"="+v)
			}
		}
	}
	out, err := g.run(ctx)
	if e, ok := err.(*Error); ok {
		e.Line = r.Token.Scrub(e.Line)
	}
	return out, err
}

// header is the configuration that carries the token, added to what the user
// has in his environment. The empty value drops headers of his for the same
// address: GitHub refuses two.
func (r Remote) header() []string {
	n, _ := strconv.Atoi(os.Getenv("GIT_CONFIG_COUNT"))
	key := "http." + r.URL + ".extraHeader"
	return []string{
		fmt.Sprintf("GIT_CONFIG_COUNT=%d", n+2),
		fmt.Sprintf("GIT_CONFIG_KEY_%d=%s", n, key), fmt.Sprintf("GIT_CONFIG_VALUE_%d=", n),
		fmt.Sprintf("GIT_CONFIG_KEY_%d=%s", n+1, key), fmt.Sprintf("GIT_CONFIG_VALUE_%d=Authorization: Basic %s", n+1, r.Token.basic()),
	}
}

// withToken says whether git gets the token: the remote is spoken to over http,
// and no url.*.insteadOf of the user leads elsewhere.
func (r Remote) withToken(ctx context.Context) bool {
	if !r.Token.Known() || !strings.HasPrefix(r.URL, "http") {
		return false
	}
	out, _ := git{dir: r.Root, args: []string{"config", "-z", "--get-regexp", `^url\..*\.(insteadof|pushinsteadof)$`}}.run(ctx)
	for _, row := range fields(out) {
		if _, prefix, _ := strings.Cut(row, "\n"); strings.HasPrefix(r.URL, prefix) {
			return false
		}
	}
	return true
}

// Refs lists the branches and tags of the remote: name to commit.
func (r Remote) Refs(ctx context.Context) (map[string]string, error) {
	out, err := r.call(ctx, git{args: []string{"ls-remote", "--refs", r.URL}})
	if err != nil {
		return nil, err
	}
	refs := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if id, name, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			refs[name] = id
		}
	}
	return refs, nil
}

// Relation is how a branch of the remote stands to ours.
type Relation int

// The relations.
const (
	Foreign  Relation = iota // it does not hold our first commit
	Same                     // it is ours
	Behind                   // ours has more
	Ahead                    // it has more
	Diverged                 // both have more
)

// Relate compares the commit of a branch there with our branch. What is not
// here is fetched into a folder that is removed again: a look leaves nothing in
// the repository.
func (r Remote) Relate(ctx context.Context, branch, tip string) (Relation, error) {
	var env []string
	if _, err := (git{dir: r.Root, args: []string{"cat-file", "-e", tip + "^{commit}"}}).run(ctx); err != nil {
		dir, err := os.MkdirTemp("", "startkit-objects-")
		if err != nil {
			return Foreign, err
		}
		defer os.RemoveAll(dir)
		if env, err = r.borrow(ctx, dir); err != nil {
			return Foreign, err
		}
		_, err = r.call(ctx, git{env: env, args: []string{"fetch", "--quiet", "--no-write-fetch-head", "--no-tags",
			"--no-recurse-submodules", "--no-auto-gc", r.URL, "refs/heads/" + branch}})
		if err != nil {
			return Foreign, err
		}
	}
	first, err := git{dir: r.Root, args: []string{"rev-list", "--max-parents=0", "--first-parent", branch, "--"}}.run(ctx)
	if err != nil {
		return Foreign, err
	}
	within := func(a, b string) bool {
		_, err := git{dir: r.Root, env: env, args: []string{"merge-base", "--is-ancestor", a, b}}.run(ctx)
		return err == nil
	}
	ours, theirs := within(tip, branch), within(branch, tip)
	switch {
	case !within(strings.TrimSpace(string(first)), tip):
		return Foreign, ctx.Err()
	case ours && theirs:
		return Same, nil
	case ours:
		return Behind, nil
	case theirs:
		return Ahead, nil
	}
	return Diverged, ctx.Err()
}

// borrow has git write objects into dir and read those of the repository too.
func (r Remote) borrow(ctx context.Context, dir string) ([]string, error) {
	out, err := git{dir: r.Root, args: []string{"rev-parse", "--git-path", "objects"}}.run(ctx)
	if err != nil {
		return nil, err
	}
	objects := strings.TrimSpace(string(out))
	if !filepath.IsAbs(objects) {
		objects = filepath.Join(r.Root, objects)
	}
	return []string{"GIT_OBJECT_DIRECTORY=" + dir, "GIT_ALTERNATE_OBJECT_DIRECTORIES=" + objects}, nil
}

// Push sends a branch to the remote that is called origin. It never forces.
// There is what the branch is there now; "" if it is not.
func (r Remote) Push(ctx context.Context, branch, there string) error {
	ref := "refs/heads/" + branch
	args := []string{"push", "--quiet", "--no-follow-tags"}
	if r.withToken(ctx) {
		if err := r.hook(ctx, ref, there); err != nil {
			return err
		}
		args = append(args, "--no-verify")
	}
	_, err := r.call(ctx, git{args: append(args, "origin", ref+":"+ref)})
	return err
}

// hook runs the user's pre-push hook as git would, since the git that pushes
// has the token in its environment, and with it every hook would. An alias runs
// it: git knows on every system how to start a script.
func (r Remote) hook(ctx context.Context, ref, there string) error {
	out, err := git{dir: r.Root, args: []string{"rev-parse", "--path-format=absolute", "--git-path", "hooks/pre-push"}}.run(ctx)
	path := strings.TrimSpace(string(out))
	if info, statErr := os.Stat(path); err != nil || statErr != nil || !info.Mode().IsRegular() || info.Mode()&0o111 == 0 && os.PathSeparator == '/' {
		return err
	}
	id, err := git{dir: r.Root, args: []string{"rev-parse", ref}}.run(ctx)
	if err != nil {
		return err
	}
	here := strings.TrimSpace(string(id))
	if there == "" {
		there = strings.Repeat("0", len(here))
	}
	run := "!'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	_, err = git{dir: r.Root, set: []string{"alias.run-pre-push=" + run}, args: []string{"run-pre-push", "origin", r.URL},
		stdin: fmt.Appendf(nil, "%s %s %s %s\n", ref, here, ref, there)}.run(ctx)
	if err != nil {
		return &Error{"pre-push hook", lastLine(err.Error()), err}
	}
	return nil
}
