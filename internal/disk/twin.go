package disk

import (
	"fmt"
	"path"
	"slices"

	"github.com/startkit/startkit/internal/tree"
)

// twins finds new paths that are there already by other capitals: two files
// here, but one on macOS and Windows.
func twins(h hand, edits []tree.Edit) error {
	var problems []string
	listed := map[string][]string{}
	for _, e := range edits {
		if e.Before != nil || e.After == nil {
			continue
		}
		twin, err := h.twin(e.Path, listed)
		if err != nil {
			return fmt.Errorf("read the folders above %s: %w", e.Path, err)
		}
		if twin != "" {
			problems = append(problems, fmt.Sprintf("%q and %q, which is there, are one path on macOS and Windows", e.Path, twin))
		}
	}
	if problems == nil {
		return nil
	}
	return &PathError{problems}
}

// twin finds what is there by other capitals, at a path or above it.
func (h hand) twin(name string, listed map[string][]string) (string, error) {
	for _, p := range append(parents(name), name) {
		dir, base := path.Dir(p), path.Base(p)
		names, ok := listed[dir]
		if !ok {
			if kind, err := h.kind(dir); err != nil || kind != Folder {
				return "", err
			}
			var err error
			if names, err = h.names(dir); err != nil {
				return "", err
			}
			listed[dir] = names
		}
		if slices.Contains(names, base) {
			continue
		}
		if i := slices.IndexFunc(names, func(n string) bool { return fold(n) == fold(base) }); i >= 0 {
			return path.Join(dir, names[i]), nil
		}
	}
	return "", nil
}
