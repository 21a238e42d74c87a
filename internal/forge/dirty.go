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
	for _, some := range batches(paths) {
		args := []string{"status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all",
			"--ignored=traditional", "--ignore-submodules=all", "--"}
		out, err := git{dir: root, args: append(args, some...), env: literal}.run(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, dirt(fields(out), top)...)
	}
	return all, nil
}

// batches splits paths into what one command line holds: Windows allows 32 kB.
func batches(paths []string) [][]string {
	var all [][]string
	size := 0
	for i, path := range paths {
		if size += len(path) + 1; i == 0 || size > 16_000 {
			all = append(all, nil)
			size = len(path) + 1
		}
		all[len(all)-1] = append(all[len(all)-1], path)
	}
	return all
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
