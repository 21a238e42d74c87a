package change

import (
	"encoding/json"
	"testing"

	"github.com/startkit/startkit/internal/tree"
)

func TestSmoke(t *testing.T) {
	f := func(s string) tree.File { return tree.File{Data: []byte(s)} }
	c := Merge(
		tree.Tree{"a": f("1\n2\n"), "gone": f("x\n"), "drop": f("d\n"), "c": f("1\n")},
		tree.Tree{"a": f("1\n2\nu\n"), "drop": f("d\n"), "c": f("2\n"), "n": f("n\n")},
		tree.Tree{"a": f("1\n2\nt\n"), "gone": f("y\n"), "new/x": f("x\n"), "n/x": f("x\n"), "c": f("3\n")},
		Options{Labels: Labels{Base: "base"}})
	js, err := json.MarshalIndent(c, "", " ")
	t.Log(string(js), err)
	t.Log(c.Unified())
}
