package forge

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Renames says where files went since startkit last wrote, old path to new:
// from the last commit that changed the file mark (startkit.mod) to the working
// tree. That commit is the base because the paths that startkit knows are those
// of its last run, and moves before it are already part of them. Each commit
// is compared with the one before it, so that a file is followed even if it
// was moved in one and rewritten in another; a file moved by mv alone is
// followed too, unless it is ignored where it is now.
//
// It costs two calls of git where nothing was deleted or moved, and one where
// mark was never committed.
func Renames(ctx context.Context, root, mark string) (map[string]string, error) {
	out, err := git{dir: root, args: []string{"log", "-1", "--no-show-signature", "--format=%H", "--", mark}, env: literal}.run(ctx)
	if err != nil || len(out) == 0 {
		return nil, noCommits(err)
	}
	base := strings.TrimSpace(string(out))
	lost, err := git{dir: root, args: compare("diff", "--no-renames", "--diff-filter=D", base)}.run(ctx)
	if err != nil || len(lost) == 0 {
		return nil, err
	}
	committed, err := git{dir: root, args: compare("log", "--no-show-signature", "--format=", "--reverse", "--diff-filter=R", similar, base+"..HEAD")}.run(ctx)
	if err != nil {
		return nil, err
	}
	since, err := uncommitted(ctx, root)
	if err != nil {
		return nil, err
	}
	return follow(root, fields(lost), append(fields(committed), since...)), nil
}

// similar is git's own threshold; the limit keeps a repository that was turned
// upside down from taking minutes.
const similar = "--find-renames=50%"

func compare(command string, args ...string) []string {
	return append([]string{command, "--name-status", "-z", "--relative", "-l1000",
		"--no-ext-diff", "--ignore-submodules=all"}, append(args, "--")...)
}

// noCommits forgives git log in a repository without a commit.
func noCommits(err error) error {
	if err != nil && strings.Contains(err.Error(), "does not have any commits yet") {
		return nil
	}
	return err
}

// uncommitted lists the moves between HEAD and the working tree, as triples of
// status, old and new path.
func uncommitted(ctx context.Context, root string) ([]string, error) {
	g := git{dir: root}
	index, err := withUntracked(ctx, root)
	if err != nil {
		return nil, err
	}
	if index != "" {
		defer os.Remove(index)
		g.env = []string{"GIT_INDEX_FILE=" + index}
	}
	g.args = compare("diff", "--diff-filter=R", similar, "HEAD")
	out, err := g.run(ctx)
	return fields(out), err
}

// withUntracked makes a copy of the index in which the untracked files are
// announced, since git diff sees no others. It is "" if there are none.
func withUntracked(ctx context.Context, root string) (string, error) {
	out, err := git{dir: root, args: []string{"ls-files", "--others", "--exclude-standard", "-z"}}.run(ctx)
	if err != nil || len(out) == 0 {
		return "", err
	}
	at, err := git{dir: root, args: []string{"rev-parse", "--git-path", "index"}}.run(ctx)
	if err != nil {
		return "", err
	}
	path := strings.TrimSuffix(string(at), "\n")
	if !filepath.IsAbs(path) {
		path = filepath.Join(root, path)
	}
	index, err := copyIndex(path)
	if err != nil {
		return "", err
	}
	_, err = git{dir: root, args: []string{"add", "--intent-to-add", "--", "."}, env: []string{"GIT_INDEX_FILE=" + index}}.run(ctx)
	return index, err
}

func copyIndex(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	f, err := os.CreateTemp("", "startkit-index-")
	if err != nil {
		return "", err
	}
	defer f.Close()
	_, err = f.Write(data)
	return f.Name(), err
}

// follow walks every lost path (pairs of status and path) along the moves
// (triples of status, old and new path, the earliest first) to where it is
// now. A path that ends nowhere is left out.
func follow(root string, lost, moves []string) map[string]string {
	found := map[string]string{}
	for pair := range slices.Chunk(lost, 2) {
		old := pair[len(pair)-1]
		now := old
		for move := range slices.Chunk(moves, 3) {
			if len(move) == 3 && move[1] == now {
				now = move[2]
			}
		}
		if _, err := os.Lstat(filepath.Join(root, now)); err == nil && now != old {
			found[old] = now
		}
	}
	return found
}
