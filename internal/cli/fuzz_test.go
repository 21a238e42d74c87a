package cli_test

import (
	"os"
	"strings"
	"testing"

	"github.com/startkit/startkit/internal/cli"
)

// FuzzArguments runs command lines of any words, as dry runs in an empty
// folder: each ends with an exit code that means something, none panics, and
// nothing is written.
func FuzzArguments(f *testing.F) {
	for _, s := range []string{
		"new shop", "new", "new shop --stack=pg,redis", "new shop --stack=,,", "new shop --stack=\x00", "new a/b", "new --module=: x", "new x --answers=.",
		"new x --license=mit", "new x --license=gpl", "new x --dir=../..", "add", "add domain", "add domain billing --entity x --plural y", "add job x --domain y", "add migration \xff", "remove endpoint a-b", "remove", "set a=b",
		"status --json", "diff x y z", "why go.mod:99999999999999999999", "list --json --no-color", "version -x", "--help", "help new", "completion bash", "nwe",
		"new x --stack pg --stack redis --yes --no-git", "update --to latest", "-C nowhere status", "new \xff", "new x --stack=core --json",
	} {
		f.Add(s)
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, line string) {
		// These run what they are told, read what they are given, or ask a server.
		if strings.Contains(line, "base") || strings.Contains(line, "tree") || strings.Contains(line, "push") {
			return
		}
		t.Chdir(t.TempDir())
		args := append([]string{"--dry-run"}, strings.Split(line, " ")...)
		if code := cli.Main(args, null, null, null); code < 0 || code > 3 {
			t.Errorf("%q ends with %d", args, code)
		}
		left, err := os.ReadDir(".")
		if err != nil || len(left) > 0 {
			t.Errorf("%q left %v %v", args, left, err)
		}
	})
}
