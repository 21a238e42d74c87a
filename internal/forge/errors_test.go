package forge

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheLastLineIsTheReason(t *testing.T) {
	for stderr, want := range map[string]string{
		"":                              "",
		"fatal: bad object HEAD\n":      "bad object HEAD",
		"Something failed.\n":           "something failed",
		"one\ntwo\n\n":                  "two",
		"warning: x\nno\nhint: try y\n": "no",
		"warning: x\nwarning: y\n":      "",
		"error: gpg failed to sign the data\nfatal: failed to write commit object\n": "gpg failed to sign the data: failed to write commit object",
		"error: only this\n": "only this",
		"fatal: Unable to create 'x.lock': File exists.\n\nAnother git process\nremove the file.\n": "unable to create 'x.lock': File exists",
		"HEAD is missing\n": "HEAD is missing",
	} {
		if got := lastLine(stderr); got != want {
			t.Errorf("%q: got %q, want %q", stderr, got, want)
		}
	}
}

func TestErrorsTellTheirKind(t *testing.T) {
	ended := errors.New("exit status 128")
	for stderr, want := range map[string]error{
		"fatal: not a git repository (or any of the parent directories): .git\n": ErrNoRepository,
		"fatal: detected dubious ownership in repository at '/x'\nTo add\n":      ErrDubious,
		"fatal: other\n": ended,
	} {
		if err := failure("status", stderr, ended); !errors.Is(err, want) {
			t.Errorf("%q: got %v", stderr, err)
		}
	}
	if got := failure("status", "", ended).Error(); got != "git status: exit status 128" {
		t.Errorf("got %q", got)
	}
}

func TestTheEnvironmentIsOfOurMaking(t *testing.T) {
	got := environ([]string{
		"PATH=/bin", "HOME=/root", "PWD=/else", "LC_ALL=de_DE.UTF-8", "LANGUAGE=de", "LANG=de_DE.UTF-8", "EMAIL=a@b.example",
		"GIT_DIR=/else", "GIT_WORK_TREE=/else", "GIT_INDEX_FILE=/else", "GIT_ASKPASS=ask", "GIT_TRACE=1", "git_dir=/else",
		"GIT_CONFIG_PARAMETERS='core.bare=true'", "GIT_CONFIG=/else", "GIT_PREFIX=x/", "GIT_SOMETHING_NEW=1",
		"GIT_AUTHOR_NAME=Ada", "GIT_COMMITTER_DATE=1", "GIT_CONFIG_GLOBAL=/g", "GIT_CONFIG_COUNT=1",
		"GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*", "GITHUB_TOKEN=t", "GH_TOKEN=t",
	})
	want := []string{
		"EMAIL=a@b.example", "GIT_AUTHOR_NAME=Ada", "GIT_COMMITTER_DATE=1", "GIT_CONFIG_COUNT=1",
		"GIT_CONFIG_GLOBAL=/g", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*", "GIT_EDITOR=:",
		"GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "HOME=/root", "LANG=de_DE.UTF-8", "LC_ALL=C", "PATH=/bin",
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
