package forge

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"
)

func TestConfigUserReadsAllThatHelps(t *testing.T) {
	l := newLab(t).known()
	if diff := cmp.Diff(User{Name: "Ada Lovelace", Email: "ada@analytical.example"}, ConfigUser(t.Context(), l.dir)); diff != "" {
		t.Error(diff)
	}
	l.config("[github]\n\tuser = ada\n")
	l.git("init", "-q")
	l.git("remote", "add", "origin", "git@github.com:acme/shop.git")
	l.git("config", "user.email", "ada@acme.dev")
	want := User{Name: "Ada Lovelace", Email: "ada@acme.dev", GitHub: "ada", Origin: "git@github.com:acme/shop.git"}
	if diff := cmp.Diff(want, ConfigUser(t.Context(), l.dir)); diff != "" {
		t.Error(diff)
	}
	os.Unsetenv("HOME")
	t.Setenv("PATH", "")
	if diff := cmp.Diff(User{}, ConfigUser(t.Context(), l.dir)); diff != "" {
		t.Error(diff)
	}
}

func TestModuleIsGuessedFromTheBestSource(t *testing.T) {
	for _, tc := range []struct {
		user User
		want string
	}{
		{User{}, "example.com/shop"},
		{User{Email: "ada@acme.dev"}, "acme.dev/shop"},
		{User{Email: "Ada@ACME.dev"}, "acme.dev/shop"},
		{User{Email: "ada@gmail.com"}, "example.com/shop"},
		{User{Email: "ada@laptop.local"}, "example.com/shop"},
		{User{Email: "ada@localhost"}, "example.com/shop"},
		{User{Email: "ada"}, "example.com/shop"},
		{User{Email: "ada@sub_domain/x.com"}, "example.com/shop"},
		{User{Email: "12+ada@users.noreply.github.com"}, "github.com/ada/shop"},
		{User{Email: "ada@users.noreply.github.com"}, "github.com/ada/shop"},
		{User{Email: "ada@acme.dev", GitHub: "ada"}, "github.com/ada/shop"},
		{User{GitHub: "ada", Origin: "git@github.com:acme/shop.git"}, "github.com/acme/shop"},
		{User{Origin: "https://user:secret@GitHub.com/acme/Shop.git/"}, "github.com/acme/Shop"},
		{User{Origin: "ssh://git@git.acme.dev:2222/acme/shop"}, "git.acme.dev/acme/shop"},
		{User{Origin: "github.com:acme/shop"}, "github.com/acme/shop"},
		{User{Origin: "/srv/git/shop.git"}, "example.com/shop"},
		{User{Origin: "../shop.git"}, "example.com/shop"},
		{User{Origin: "file:///srv/git/shop.git"}, "example.com/shop"},
		{User{Origin: `C:\git\shop.git`}, "example.com/shop"},
		{User{Origin: "C:/git/shop.git"}, "example.com/shop"},
		{User{Origin: "git@github.com:../shop.git"}, "example.com/shop"},
		{User{GitHub: "ada.", Origin: "git@-o.com:acme/shop"}, "example.com/shop"},
		{User{Origin: "https://github.com/"}, "example.com/shop"},
		{User{Origin: "git@myalias:acme/shop.git"}, "example.com/shop"},
		{User{Origin: "https://github.com/acme/my shop.git"}, "example.com/shop"},
	} {
		if got := tc.user.Module("shop"); got != tc.want {
			t.Errorf("%+v: got %s, want %s", tc.user, got, tc.want)
		}
		if err := module.CheckPath(tc.user.Module("shop")); err != nil {
			t.Error(err)
		}
	}
}

func TestIdentityIsNeverGuessed(t *testing.T) {
	l := newLab(t)
	t.Setenv("EMAIL", "guess@machine.example")
	if name, email, ok := Identity(t.Context(), l.dir); ok {
		t.Errorf("guessed %q %q", name, email)
	}
	l.known()
	if name, email, ok := Identity(t.Context(), l.dir); name != "Ada Lovelace" || email != "ada@analytical.example" || !ok {
		t.Errorf("got %q %q %v", name, email, ok)
	}
	t.Setenv("GIT_AUTHOR_NAME", "Grace Hopper")
	if name, _, ok := Identity(t.Context(), l.dir); name != "Grace Hopper" || !ok {
		t.Errorf("got %q %v", name, ok)
	}
}
