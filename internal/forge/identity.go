package forge

import (
	"context"
	"strings"
)

// Identity says who commits in dir, as git would write it: from the
// environment, or the configuration. What git would guess from the name of the
// machine is no identity: ok is false then, as it is where git is missing.
func Identity(ctx context.Context, dir string) (name, email string, ok bool) {
	out, err := git{dir: dir, args: []string{"var", "GIT_AUTHOR_IDENT"}, set: noGuess}.run(ctx)
	if err != nil {
		return "", "", false
	}
	name, rest, ok1 := strings.Cut(string(out), " <")
	email, _, ok2 := strings.Cut(rest, "> ")
	return name, email, ok1 && ok2 && name != "" && email != ""
}

// noGuess keeps git from making up root@localhost.
var noGuess = []string{"user.useConfigOnly=true"}
