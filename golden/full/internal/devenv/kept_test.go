package devenv

import (
	"os"
	"path/filepath"
	"testing"
)

// kept returns a folder that servers can reach, too, if we are root: by itself, that of a test is closed to others.
func kept(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, folder := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
