package forge

import (
	"context"
	"strings"
)

// State is how the working tree's version of a path relates to git.
type State int

// The states of a path that holds work which no commit holds.
const (
	// Changed: tracked, and different from HEAD, staged or not.
	Changed State = iota
	// Untracked: there, and not tracked. Ignored files are untracked too.
	Untracked
	// Unmerged: a merge left a conflict.
	Unmerged
)

func (s State) String() string { return [...]string{"changed", "untracked", "unmerged"}[s] }

// Dirt is a path with work that no commit holds.
type Dirt struct {
	Path  string
	State State
}

// batch is how many bytes of paths one call takes: Windows allows 32 kB.
const batch = 16_000

// literal makes a path with a star a path and no pattern.
var literal = []string{"GIT_LITERAL_PATHSPECS=1"}

// Dirty lists which of the paths below root hold work that no commit holds, in
// git's order. It is an ErrNoRepository where there is no repository, and says
// nothing of paths in a repository nested in this one.
func Dirty(ctx context.Context, root string, paths []string) ([]Dirt, error) {
	top, err := prefix(ctx, root)
	if err != nil {
		return nil, err
	}
	var all []Dirt
	for len(paths) > 0 {
		n, size := 0, 0
		for n < len(paths) && (n == 0 || size+len(paths[n]) < batch) {
			size += len(paths[n]) + 1
			n++
		}
		args := []string{"status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all",
			"--ignored=traditional", "--ignore-submodules=all", "--"}
		out, err := git{dir: root, args: append(args, paths[:n]...), env: literal}.run(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, dirt(fields(out), top)...)
		paths = paths[n:]
	}
	return all, nil
}

// dirt reads lines like "XY path".
func dirt(lines []string, top string) []Dirt {
	var all []Dirt
	for _, line := range lines {
		if len(line) < 4 {
			continue
		}
		if path, ok := strings.CutPrefix(line[3:], top); ok {
			all = append(all, Dirt{path, stateOf(line[:2])})
		}
	}
	return all
}

// stateOf reads the two letters of git status --short.
func stateOf(xy string) State {
	switch {
	case xy == "??" || xy == "!!":
		return Untracked
	case strings.Contains(xy, "U") || xy == "AA" || xy == "DD":
		return Unmerged
	}
	return Changed
}
