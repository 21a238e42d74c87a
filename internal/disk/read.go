package disk

import (
	"fmt"
	"slices"

	"github.com/startkit/startkit/internal/tree"
)

// Read reads the regular files that exist at the paths below root. Where
// nothing is, the tree has no entry. Where something else than a regular file
// stands, or a folder above is a symbolic link, the error is an OddError that
// lists all such paths once, and the tree still holds all the others; with any
// other error there is no tree.
func Read(root string, paths []string) (tree.Tree, error) {
	h, err := openHand(root)
	if err != nil {
		return nil, err
	}
	defer h.root.Close()
	found := tree.Tree{}
	var odds []Odd
	for _, p := range paths {
		if why := flaw(p); why != "" {
			return nil, &PathError{[]string{fmt.Sprintf("%q %s", p, why)}}
		}
		file, odd, err := h.load(p)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", p, err)
		}
		if odd != nil && !slices.Contains(odds, *odd) {
			odds = append(odds, *odd)
		}
		if file != nil {
			found[p] = *file
		}
	}
	if odds != nil {
		return found, &OddError{odds}
	}
	return found, nil
}
