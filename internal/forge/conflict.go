package forge

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/startkit/startkit/internal/tree"
)

// Sides are the three versions of a file that could not be merged. A side that
// is nil is one where the file is not there.
type Sides struct {
	Path               string
	Base, Ours, Theirs *tree.File
}

func (s Sides) files() [3]*tree.File { return [3]*tree.File{s.Base, s.Ours, s.Theirs} }

// Conflict puts the three sides of each path into the index at root, as a
// merge does, so that git and editors show the path as unmerged. The files
// themselves, HEAD and the branches are not touched. A conflict without any
// side is left out.
func Conflict(ctx context.Context, root string, conflicts []Sides) error {
	conflicts = slices.DeleteFunc(slices.Clone(conflicts), func(s Sides) bool { return s.files() == [3]*tree.File{} })
	if len(conflicts) == 0 {
		return nil
	}
	top, err := prefix(ctx, root)
	if err != nil {
		return err
	}
	ids, err := blobs(ctx, root, conflicts)
	if err != nil {
		return err
	}
	// Removing the path first drops the stage 0 that it has.
	none := strings.Repeat("0", len(ids[0]))
	var index strings.Builder
	for _, c := range conflicts {
		fmt.Fprintf(&index, "0 %s\t%s%s\x00", none, top, c.Path)
		for i, f := range c.files() {
			if f != nil {
				fmt.Fprintf(&index, "%s %s %d\t%s%s\x00", mode(f), ids[0], i+1, top, c.Path)
				ids = ids[1:]
			}
		}
	}
	_, err = git{dir: root, args: []string{"update-index", "-z", "--index-info"}, stdin: []byte(index.String())}.run(ctx)
	return err
}

// blobs stores every side as an object and hands back their ids in order.
// fast-import takes all of them in one process and reads no file; it touches
// no branch, since it is told of none.
func blobs(ctx context.Context, root string, conflicts []Sides) ([]string, error) {
	var in bytes.Buffer
	n := 0
	for _, c := range conflicts {
		for _, f := range c.files() {
			if f == nil {
				continue
			}
			n++
			fmt.Fprintf(&in, "blob\nmark :%d\ndata %d\n%s\nget-mark :%d\n", n, len(f.Data), f.Data, n)
		}
	}
	in.WriteString("done\n")
	out, err := git{dir: root, args: []string{"fast-import", "--quiet", "--done"}, stdin: in.Bytes()}.run(ctx)
	if err != nil {
		return nil, err
	}
	ids := strings.Fields(string(out))
	if len(ids) != n {
		return nil, fmt.Errorf("store %d sides of conflicts: git stored %d", n, len(ids))
	}
	return ids, nil
}

func mode(f *tree.File) string {
	if f.Exec {
		return "100755"
	}
	return "100644"
}
