package change

import (
	"fmt"
	"strings"

	"github.com/aymanbagabas/go-udiff"
	"github.com/startkit/startkit/internal/tree"
)

// Unified returns what happens to the file as a unified diff, "" if nothing is
// written. It is for people to read; git apply takes it where the file is text.
func (f File) Unified() string {
	if !f.Writes() {
		return ""
	}
	was, is := side("a/", f.Path, f.Before), side("b/", f.Path, f.After)
	var out strings.Builder
	fmt.Fprintf(&out, "diff --git a/%s b/%s\n", f.Path, f.Path)
	switch {
	case f.Before == nil:
		fmt.Fprintf(&out, "new file mode %s\n", mode(f.After))
	case f.After == nil:
		fmt.Fprintf(&out, "deleted file mode %s\n", mode(f.Before))
	case f.Before.Exec != f.After.Exec:
		fmt.Fprintf(&out, "old mode %s\nnew mode %s\n", mode(f.Before), mode(f.After))
	}
	if binary(was.data) || binary(is.data) {
		fmt.Fprintf(&out, "Binary files %s and %s differ\n", was.label, is.label)
		return out.String()
	}
	out.WriteString(udiff.Unified(was.label, is.label, string(was.data), string(is.data)))
	return out.String()
}

// Unified returns the change as one unified diff, in order of path.
func (c Change) Unified() string {
	var out strings.Builder
	for _, f := range c.Files {
		out.WriteString(f.Unified())
	}
	return out.String()
}

type labelled struct {
	label string
	data  []byte
}

func side(prefix, path string, f *tree.File) labelled {
	if f == nil {
		return labelled{"/dev/null", nil}
	}
	return labelled{prefix + path, f.Data}
}

func mode(f *tree.File) string {
	if f.Exec {
		return "100755"
	}
	return "100644"
}
