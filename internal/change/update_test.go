package change

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite what the stories want; read each of them afterwards")

// rewrite puts what the merge makes into the story.
func rewrite(t *testing.T, name string, s story, c Change) {
	t.Helper()
	var kept []txtar.File
	single := false
	for _, f := range s.archive.Files {
		if f.Name == "base" || f.Name == "ours" {
			single = true
		}
		if f.Name != "says" && f.Name != "want" && !strings.HasPrefix(f.Name, "want/") {
			kept = append(kept, f)
		}
	}
	after := apply(s.ours, c)
	for _, path := range after.Paths() {
		data := after[path].Data
		if bytes.Contains(data, []byte("\r")) {
			data = bytes.ReplaceAll(data, []byte("\r"), nil)
		}
		data = bytes.ReplaceAll(bytes.TrimPrefix(data, []byte(bom)), []byte{0}, []byte("@"))
		called := "want/" + path
		if single {
			called = "want"
		}
		kept = append(kept, txtar.File{Name: called, Data: data})
	}
	s.archive.Files = append(kept, txtar.File{Name: "says", Data: []byte(say(c))})
	if err := os.WriteFile(name, txtar.Format(s.archive), 0o666); err != nil {
		t.Fatal(err)
	}
}
