package forge

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInitCommitsEverythingOnMain(t *testing.T) {
	l := newLab(t).known()
	l.write("run.sh", "#!/bin/sh\n")
	if err := os.Chmod(filepath.Join(l.dir, "run.sh"), 0o755); err != nil {
		t.Fatal(err)
	}
	l.begin()
	got := l.git("log", "--format=%an <%ae> %cn %s", "main") + l.git("ls-tree", "HEAD") + l.git("status", "--short")
	want := "Ada Lovelace <ada@analytical.example> Ada Lovelace begin\n" +
		"100644 blob 78981922613b2afb6025042ff6bd878ac1994e85\ta.txt\n" +
		"100644 blob 61780798228d17af2d34fce4cfbdf35556832472\tb.txt\n" +
		"100755 blob 1a2485251c33a70432394c93fb89330ef214bfc9\trun.sh\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFirstCommitIgnoresOnlyWhatTheRepositoryIgnores(t *testing.T) {
	for _, tc := range []struct {
		name    string
		prepare func(lab)
	}{
		{"the user's excludes file", func(l lab) {
			l.config("[core]\n\texcludesFile = " + filepath.Join(l.home, "ignore") + "\n")
			l.writeAt(filepath.Join(l.home, "ignore"), "*.txt\n", 0o644)
		}},
		{"the default excludes file", func(l lab) {
			l.writeAt(filepath.Join(l.home, ".config", "git", "ignore"), "*.txt\n", 0o644)
		}},
		{"the template's exclude file", func(l lab) {
			l.config("[init]\n\ttemplateDir = " + filepath.Join(l.home, "template") + "\n")
			l.writeAt(filepath.Join(l.home, "template", "info", "exclude"), "# mine\n*.txt\n", 0o644)
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLab(t).known()
			tc.prepare(l)
			l.write(".gitignore", "*.log\n")
			l.write("deep/.gitignore", "/local\n")
			l.write("deep/local", "")
			l.write("deep/local.go", "")
			l.write("debug.log", "")
			l.begin()
			want := []string{".gitignore", "a.txt", "b.txt", "deep/.gitignore", "deep/local.go"}
			if diff := cmp.Diff(want, l.head()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFirstCommitHoldsTheGeneratedBytes(t *testing.T) {
	for _, config := range []string{
		"[core]\n\tautocrlf = true\n\tsafecrlf = true\n",
		"[core]\n\tautocrlf = input\n\tsafecrlf = true\n",
		"[core]\n\teol = crlf\n",
	} {
		l := newLab(t).known()
		l.config(config)
		l.write("unix", "one\ntwo\n")
		l.write("dos", "one\r\ntwo\r\n")
		l.write("mixed", "one\r\ntwo\n")
		l.begin()
		got := l.git("cat-file", "blob", "HEAD:unix") + l.git("cat-file", "blob", "HEAD:dos") + l.git("cat-file", "blob", "HEAD:mixed")
		if diff := cmp.Diff("one\ntwo\none\r\ntwo\r\none\r\ntwo\n", got); diff != "" {
			t.Errorf("%s: %s", config, diff)
		}
		if status := l.git("status", "--short"); status != "" {
			t.Errorf("%s: not clean:\n%s", config, status)
		}
	}
}

func TestTheRepositorysOwnAttributesHold(t *testing.T) {
	l := newLab(t).known()
	l.config("[core]\n\tsafecrlf = true\n\tautocrlf = true\n")
	l.write(".gitattributes", "* text=auto\n")
	l.write("dos", "one\r\n")
	l.begin()
	if got := l.git("cat-file", "blob", "HEAD:dos"); got != "one\n" {
		t.Errorf("got %q", got)
	}
}

func TestATemplateOfCommentsIgnoresNothing(t *testing.T) {
	l := newLab(t)
	for text, want := range map[string]bool{"": false, "# a\n\n  \n": false, "# a\n*.o\n": true} {
		l.write(".git/info/exclude", text)
		if got := templateIgnores(l.dir); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

func TestInitSignsAsConfigured(t *testing.T) {
	l := newLab(t).known().signing()
	l.begin()
	if got := l.git("cat-file", "commit", "HEAD"); !strings.Contains(got, "-----BEGIN PGP SIGNATURE-----") {
		t.Errorf("not signed: %s", got)
	}
}

// signing gives git a signer of straw.
func (l lab) signing() lab {
	l.Helper()
	program := filepath.Join(l.home, "signer")
	l.writeAt(program, `#!/bin/sh
case "$*" in
*--verify*) echo "gpg: Good signature" >&2; echo "[GNUPG:] GOODSIG 0 Ada"; exit 0 ;;
esac
cat >/dev/null
echo "[GNUPG:] SIG_CREATED D" >&2
printf -- '-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n'
`, 0o755)
	l.config("[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = " + program + "\n")
	return l
}

func TestInitWithoutIdentityLeavesTheFiles(t *testing.T) {
	for _, config := range []string{"", "[user]\n\tname = Ada\n", "[user]\n\temail = ada@x.example\n", "[user]\n\tname =\n\temail = a@b.example\n"} {
		l := newLab(t)
		l.config(config)
		l.write("a.txt", "a\n")
		err := Init(t.Context(), l.dir, "begin")
		if !errors.Is(err, ErrNoIdentity) {
			t.Errorf("%q: got %v", config, err)
		}
		if got := l.git("status", "--short"); got != "A  a.txt\n" {
			t.Errorf("%q: status %q", config, got)
		}
	}
}

func TestInitWithoutGit(t *testing.T) {
	l := newLab(t)
	t.Setenv("PATH", l.home)
	if err := Init(t.Context(), l.dir, "begin"); !errors.Is(err, ErrNoGit) {
		t.Errorf("got %v", err)
	}
}

func TestInitWithoutHome(t *testing.T) {
	l := newLab(t)
	os.Unsetenv("HOME")
	os.Unsetenv("XDG_CONFIG_HOME")
	l.write("a.txt", "a\n")
	if err := Init(t.Context(), l.dir, "begin"); !errors.Is(err, ErrNoIdentity) {
		t.Errorf("got %v", err)
	}
	t.Setenv("GIT_AUTHOR_NAME", "Ada")
	t.Setenv("GIT_AUTHOR_EMAIL", "ada@x.example")
	t.Setenv("GIT_COMMITTER_NAME", "Ada")
	t.Setenv("GIT_COMMITTER_EMAIL", "ada@x.example")
	if err := Init(t.Context(), l.dir, "begin"); err != nil {
		t.Errorf("with an identity in the environment: %v", err)
	}
}

func TestInitIgnoresAnEnvironmentThatLeadsElsewhere(t *testing.T) {
	l := newLab(t).known()
	elsewhere := filepath.Join(l.home, "elsewhere")
	for _, name := range []string{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR",
		"GIT_NAMESPACE", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CEILING_DIRECTORIES", "GIT_EXTERNAL_DIFF", "GIT_CONFIG"} {
		t.Setenv(name, elsewhere)
	}
	err := Init(t.Context(), l.begun(), "begin")
	if err != nil {
		t.Fatal(err)
	}
	if dirt, err := Dirty(t.Context(), l.dir, []string{"a.txt"}); err != nil || dirt != nil {
		t.Errorf("got %v, %v", dirt, err)
	}
	if _, err := os.Lstat(elsewhere); err == nil {
		t.Error("git wrote elsewhere")
	}
	if _, err := os.Lstat(filepath.Join(l.dir, ".git", "index")); err != nil {
		t.Error(err)
	}
}

// begun writes one file and is the folder.
func (l lab) begun() string {
	l.write("a.txt", "a\n")
	return l.dir
}

var words = map[string]string{
	"hook":          "echo 'No commits on a Friday.' >&2\n",
	"template hook": "echo 'No commits on a Friday.' >&2\n",
	"signer":        "echo 'No secret key.' >&2\n",
}

func TestInitSaysWhatHooksAndSignersSaid(t *testing.T) {
	for _, tc := range []struct{ name, config, script, want string }{
		{"silent hook", "[core]\n\thooksPath = %s\n", "commit-msg", "git commit: exit status 1"},
		{"hook", "[core]\n\thooksPath = %s\n", "pre-commit", "git commit: no commits on a Friday"},
		{"template hook", "[init]\n\ttemplateDir = %s\n", "hooks/pre-commit", "git commit: no commits on a Friday"},
		{"signer", "[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = %s/signer\n", "signer",
			"git commit: gpg failed to sign the data: failed to write commit object"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLab(t).known()
			bin := filepath.Join(l.home, "bin")
			l.config(strings.ReplaceAll(tc.config, "%s", bin))
			l.writeAt(filepath.Join(bin, tc.script), "#!/bin/sh\n"+words[tc.name]+"exit 1\n", 0o755)
			err := Init(t.Context(), l.begun(), "begin")
			var git *Error
			if !errors.As(err, &git) || err.Error() != tc.want {
				t.Errorf("got %v", err)
			}
			if got := l.git("status", "--short"); got != "A  a.txt\n" {
				t.Errorf("status %q", got)
			}
		})
	}
}
