package disk

import (
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/module"

	"github.com/startkit/startkit/internal/tree"
)

func TestPathsThatEverySystemCanHold(t *testing.T) {
	for _, p := range []string{
		"go.mod", ".env.example", ".github/workflows/ci.yml", ".gitignore", "a/.gitkeep", "cmd/x/main.go", "a b.txt",
		"größe.md", "$dollar", "conduct.md", "auxiliary/com.go", "com10.txt", "git~", "a~b", "x.git", strings.Repeat("x", 255),
	} {
		if why := flaw(p); why != "" {
			t.Errorf("%q %s", p, why)
		}
	}
}

func TestPathsThatSomeSystemCannotHold(t *testing.T) {
	for _, p := range []string{
		"", ".", "..", "/", "/a", "a/", "a//b", "./a", "a/./b", "a/..", "../a", "a/../../b", "a\\b", "C:", "C:/x", "a\x00b",
		"a\nb", "a\tb", "a\x7fb", "\xff", "a/con", "CON.txt", "nul.tar.gz", "lpt9", "COM1 .txt", "conin$", "progra~1", "x.", "x ", " x", "a./b",
		".git", ".git/config", "sub/.git/hooks/x", ".GiT", "git~1", ".g\u200cit", "a:b", "a|b", "a?b", "a*b", "<a>", `"a"`,
		"\u202egpj.exe", "e\u0301.txt", ".startkit", ".StartKit/journal", strings.Repeat("x", 256),
	} {
		if flaw(p) == "" {
			t.Errorf("%q was allowed", p)
		}
	}
}

// FuzzPaths holds the check to the one for module zips, and to what it is for:
// no path that passes leads anywhere but down.
func FuzzPaths(f *testing.F) {
	for _, p := range []string{"a/b.go", "../x", "a//b", ".git/x", "con", "ſ", "K", "a\\b"} {
		f.Add(p, strings.ToUpper(p))
	}
	f.Fuzz(func(t *testing.T, p, q string) {
		err := check([]string{p, q})
		if err != nil {
			return
		}
		for _, p := range []string{p, q} {
			if module.CheckFilePath(p) != nil {
				t.Errorf("%q: %v", p, module.CheckFilePath(p))
			}
			if path.Clean(p) != p || path.IsAbs(p) || strings.HasPrefix(p, "..") && !strings.HasPrefix(p, "...") {
				t.Errorf("%q leads elsewhere", p)
			}
			for _, name := range strings.Split(strings.ToLower(p), "/") {
				if name == ".git" {
					t.Errorf("%q leads into git", p)
				}
			}
		}
		if strings.EqualFold(p, q) || strings.HasPrefix(q, p+"/") || strings.HasPrefix(p, q+"/") {
			t.Errorf("%q and %q cannot stand beside each other", p, q)
		}
	})
}

// FuzzWrite writes two paths for real: what is refused leaves nothing, what is
// not is there, and nothing appears outside.
func FuzzWrite(f *testing.F) {
	for _, p := range []string{"a/b.go", "../x", "a//b", "a/../../x", "con", "/x"} {
		f.Add(p, "q")
		f.Add(p, p+"/q")
	}
	f.Fuzz(func(t *testing.T, p, q string) {
		parent := scratch(t)
		s, err := Stage(filepath.Join(parent, "app"))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Discard()
		err = s.Write(tree.Tree{p: *file("1"), q: *file("1")})
		now := snapshot(t, parent)
		if err != nil && len(p)+len(q) < 4000 && len(now) != 4 {
			t.Errorf("%q, %q: %v, and yet %v", p, q, err, now)
		}
		for _, p := range []string{p, q} {
			if _, ok := now[".app.startkit/tree/"+p]; ok != (err == nil) {
				t.Errorf("%q: %v, %v", p, err, now)
			}
		}
		for name := range now {
			if name != "." && !strings.HasPrefix(name, ".app.startkit") {
				t.Errorf("%q, %q made %s", p, q, name)
			}
		}
	})
}

func TestFoldAgreesWithEqualFold(t *testing.T) {
	for r := rune(1); r < 0x1e950; r++ {
		for _, other := range []string{strings.ToUpper(string(r)), strings.ToLower(string(r)), strings.ToTitle(string(r))} {
			if strings.EqualFold(string(r), other) != (fold(string(r)) == fold(other)) {
				t.Fatalf("%q and %q", string(r), other)
			}
		}
	}
}
