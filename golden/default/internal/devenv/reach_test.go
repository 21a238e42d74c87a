//go:build unix

package devenv

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestFolderThatIsClosedToOthersIsReplaced(t *testing.T) {
	open := kept(t)
	closed := filepath.Join(open, "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	other := &syscall.Credential{Uid: 65534, Gid: 65534}
	inClosed := filepath.Join(closed, "data")
	if got := reachable(inClosed, nil); got != inClosed {
		t.Errorf("for ourselves: %s", got)
	}
	if got := reachable(filepath.Join(open, "data"), other); got != filepath.Join(open, "data") {
		t.Errorf("for another user: %s", got)
	}
	got := reachable(inClosed, other)
	if !strings.HasPrefix(got, "/var/tmp/"+app+"-") || got != reachable(inClosed, other) || got == reachable(closed+"2/data", other) {
		t.Errorf("for another user, in a closed folder: %s", got)
	}
}
