package forge

import (
	"slices"
	"strings"
)

// kept are the variables of git that we hand on: who commits, when, which
// configuration is the user's, and how far up git may look. All other GIT_ variables are dropped, since
// most lead git to another folder, index or object store, and new ones come.
var kept = []string{
	"GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_AUTHOR_DATE",
	"GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_COMMITTER_DATE",
	"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM",
	"GIT_CONFIG_COUNT", "GIT_EXEC_PATH", "GIT_TEMPLATE_DIR", "GIT_DEFAULT_HASH",
	"GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM",
}

// environ makes git's environment from ours.
func environ(ours []string) []string {
	env := []string{
		"LC_ALL=C",              // messages are read by lastLine
		"GIT_TERMINAL_PROMPT=0", // nobody is there to answer
		"GIT_OPTIONAL_LOCKS=0",  // a look must not write the index
		"GIT_EDITOR=:",
	}
	for _, v := range ours {
		name, _, _ := strings.Cut(v, "=")
		// Windows knows no capitals in names of variables.
		name = strings.ToUpper(name)
		switch {
		case name == "LC_ALL" || name == "LANGUAGE" || name == "PWD" || slices.Contains(tokens, name):
			// A hook is another program, and none of them gets a token.
		case strings.HasPrefix(name, "GIT_CONFIG_KEY_") || strings.HasPrefix(name, "GIT_CONFIG_VALUE_"):
			env = append(env, v)
		case !strings.HasPrefix(name, "GIT_") || slices.Contains(kept, name):
			env = append(env, v)
		}
	}
	return env
}
