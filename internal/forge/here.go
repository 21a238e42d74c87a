package forge

import (
	"context"
	"strings"
)

// Top is the folder of the repository's working tree that dir is in.
func Top(ctx context.Context, dir string) (string, error) {
	out, err := git{dir: dir, args: []string{"rev-parse", "--show-toplevel"}}.run(ctx)
	return strings.TrimSuffix(string(out), "\n"), err
}

// Tip is the commit of a branch here; "" if there is no such branch.
func Tip(ctx context.Context, root, branch string) string {
	out, err := git{dir: root, args: []string{"rev-parse", "--verify", "--quiet", "refs/heads/" + branch + "^{commit}"}}.run(ctx)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// Uncommitted lists every path that holds work which no commit holds; ignored
// files are left out.
func Uncommitted(ctx context.Context, root string) ([]string, error) {
	out, err := git{dir: root, args: []string{"status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--ignore-submodules=all"}}.run(ctx)
	var paths []string
	for _, d := range dirt(fields(out), "") {
		paths = append(paths, d.Path)
	}
	return paths, err
}

// SetOrigin names the remote called origin.
func SetOrigin(ctx context.Context, root, url string) error {
	_, err := git{dir: root, args: []string{"remote", "add", "origin", url}}.run(ctx)
	return err
}

// Follows says whether a branch follows the one of the same name at origin.
func Follows(ctx context.Context, root, branch string) bool {
	out, err := git{dir: root, args: []string{"for-each-ref", "--format=%(upstream)", "refs/heads/" + branch}}.run(ctx)
	return err == nil && strings.TrimSpace(string(out)) == "refs/remotes/origin/"+branch
}

// Follow lets a branch follow the one of the same name at origin, for git pull.
func Follow(ctx context.Context, root, branch string) error {
	for _, row := range [][2]string{{"remote", "origin"}, {"merge", "refs/heads/" + branch}} {
		if _, err := (git{dir: root, args: []string{"config", "branch." + branch + "." + row[0], row[1]}}).run(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Blob reads a file of a branch; nil if it is not there.
func Blob(ctx context.Context, root, branch, path string) []byte {
	out, err := git{dir: root, args: []string{"cat-file", "blob", "refs/heads/" + branch + ":" + path}}.run(ctx)
	if err != nil {
		return nil
	}
	return out
}
