package forge

import (
	"context"
	"strings"
)

// Renames says where files went since startkit last wrote, old path to new:
// from the last commit that changed the file mark (startkit.mod) to the working
// tree, as git's rename detection sees it. That commit is the base because the
// paths that startkit knows are those of its last run, and moves before it are
// already part of them. Without such a commit there are none, for the price of
// one call.
//
// A file moved by mv alone is found too, unless its copy is ignored.
func Renames(ctx context.Context, root, mark string) (map[string]string, error) {
	out, err := git{dir: root, args: []string{"log", "-1", "--format=%H", "--", mark}}.run(ctx)
	if err != nil || len(out) == 0 {
		return nil, noCommits(err)
	}
	return moved(ctx, git{dir: root}, strings.TrimSpace(string(out)))
}

// noCommits forgives git log in a repository without a commit.
func noCommits(err error) error {
	if err != nil && strings.Contains(err.Error(), "does not have any commits yet") {
		return nil
	}
	return err
}

// moved compares a commit with the working tree.
func moved(ctx context.Context, g git, base string) (map[string]string, error) {
	g.args = []string{"diff", "--name-status", "-z", "--relative", "--find-renames=50%", "-l1000",
		"--diff-filter=R", "--no-ext-diff", "--ignore-submodules=all", base, "--"}
	out, err := g.run(ctx)
	if err != nil {
		return nil, err
	}
	f := fields(out)
	renames := map[string]string{}
	for ; len(f) >= 3; f = f[3:] {
		renames[f[1]] = f[2]
	}
	return renames, nil
}
