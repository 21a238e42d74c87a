package change

import (
	"bytes"
	"path"
	"strings"
)

// kind is a kind of file and how it is merged.
type kind struct {
	is    func(name string) bool
	merge Merger
}

// kinds is the list of the kinds that are not merged line by line alone. The
// first that fits has the file. Files that are merged together have a place of
// their own (module.go).
var kinds = []kind{
	{suffix(".go"), mergeGo},
}

func suffix(ext string) func(string) bool {
	return func(name string) bool { return path.Ext(name) == ext }
}

// mergerOf returns what merges the file at a path.
func mergerOf(name string) Merger {
	for _, k := range kinds {
		if k.is(name) {
			return k.merge
		}
	}
	g := grammarOf(name)
	return func(base, ours, theirs []byte) Result { return mergeText(base, ours, theirs, g) }
}

// most is the size above which a file is not merged by lines.
const most = 1 << 20

// data merges the bytes of a file.
func (s sides) data(base []byte) Result {
	ours, theirs := s.ours.Data, s.theirs.Data
	switch {
	case bytes.Equal(ours, theirs), s.base != nil && bytes.Equal(base, theirs):
		return Whole(ours)
	case s.base != nil && bytes.Equal(base, ours):
		return Whole(theirs)
	case binary(base) || binary(ours) || binary(theirs):
		return Result{Refused: "both changed it, and it is not text"}
	case max(len(base), len(ours), len(theirs)) > most:
		return Result{Refused: "both changed it, and it is over 1 MB"}
	case s.base == nil:
		return mergeAdded(ours, theirs, strings.HasSuffix(s.path, "ignore"))
	}
	return mergerOf(s.path)(base, ours, theirs)
}

// binary says whether the data is no text, as git does: by a NUL byte near the
// start. All of it is looked at here, for a file is small.
func binary(data []byte) bool { return bytes.IndexByte(data, 0) >= 0 }
