package forge

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// lab is a folder for one test, with a home of its own, so that no test sees
// the configuration of the machine.
type lab struct {
	*testing.T
	home string
	dir  string // where the repository is made
}

func newLab(t *testing.T) lab {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git on this machine")
	}
	base := t.TempDir()
	l := lab{t, filepath.Join(base, "home"), filepath.Join(base, "app")}
	for _, dir := range []string{l.home, l.dir} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		if strings.HasPrefix(name, "GIT_") || name == "EMAIL" {
			t.Setenv(name, "")
			os.Unsetenv(name)
		}
	}
	t.Setenv("HOME", l.home)
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(l.home, ".config"))
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	return l
}

// known gives git a user.
func (l lab) known() lab {
	l.config("[user]\n\tname = Ada Lovelace\n\temail = ada@analytical.example\n")
	return l
}

// config adds to the user's .gitconfig.
func (l lab) config(text string) {
	l.Helper()
	f, err := os.OpenFile(filepath.Join(l.home, ".gitconfig"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		l.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		l.Fatal(err)
	}
	if err := f.Close(); err != nil {
		l.Fatal(err)
	}
}

// write makes a file in the repository.
func (l lab) write(path, text string) {
	l.Helper()
	l.writeAt(filepath.Join(l.dir, path), text, 0o644)
}

func (l lab) writeAt(full, text string, mode os.FileMode) {
	l.Helper()
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		l.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), mode); err != nil {
		l.Fatal(err)
	}
}

// git runs git in the repository, as its user would.
func (l lab) git(args ...string) string {
	l.Helper()
	out, err := l.try(args...)
	if err != nil {
		l.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

func (l lab) try(args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = l.dir
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

// begin makes a repository with the files a.txt and b.txt committed.
func (l lab) begin() lab {
	l.Helper()
	l.write("a.txt", "a\n")
	l.write("b.txt", "b\n")
	if err := Init(l.Context(), l.dir, "begin"); err != nil {
		l.Fatal(err)
	}
	return l
}

// head lists what the last commit holds.
func (l lab) head() []string {
	l.Helper()
	return strings.Fields(l.git("ls-tree", "-r", "--name-only", "HEAD"))
}
