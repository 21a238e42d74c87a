package forge

import (
	"errors"
	"strings"
)

// ErrNoGit says that there is no git to run.
var ErrNoGit = errors.New("git is not installed")

// ErrNoIdentity says that git knows no name or no email to sign a commit with.
var ErrNoIdentity = errors.New("git knows no user.name and user.email")

// ErrNoRepository says that a folder belongs to no repository.
var ErrNoRepository = errors.New("not a git repository")

// ErrDubious says that git refuses a repository because somebody else owns it;
// safe.directory in the user's configuration is what allows it.
var ErrDubious = errors.New("the repository belongs to another user")

// Error is what git itself said when it failed.
type Error struct {
	// Command is git's subcommand: "commit".
	Command string
	// Line is the last line that it printed as an error, without its prefix,
	// in lower case; or how it ended, if it printed nothing.
	Line string
	// Err is ErrNoIdentity, ErrNoRepository, ErrDubious, or how git ended.
	Err error
}

func (e *Error) Error() string { return "git " + e.Command + ": " + e.Line }

// Unwrap gives errors.Is the kind of the error.
func (e *Error) Unwrap() error { return e.Err }

// failure reads what git printed.
func failure(command, stderr string, err error) error {
	e := &Error{Command: command, Line: lastLine(stderr), Err: err}
	if e.Line == "" {
		e.Line = err.Error()
	}
	switch {
	case strings.Contains(stderr, "dubious ownership"):
		// What follows is advice on how to trust the folder.
		first, _, _ := strings.Cut(stderr, "\n")
		e.Err, e.Line = ErrDubious, lastLine(first)
	case strings.Contains(stderr, "not a git repository"):
		e.Err = ErrNoRepository
	}
	return e
}

// lastLine finds the line that says why: the last that is marked fatal, else
// the last of all. Git ends a failure to sign with the consequence, so that an
// error before it comes first. Hints and warnings are no reasons, nor is the
// advice after a fatal line.
func lastLine(stderr string) string {
	var reason, fatal, last string
	for line := range strings.Lines(stderr) {
		line = strings.TrimSpace(line)
		if text, ok := strings.CutPrefix(line, "fatal: "); ok {
			fatal = text
		} else if text, ok := strings.CutPrefix(line, "error: "); ok {
			reason, last = text, text
		} else if line != "" && !strings.HasPrefix(line, "hint:") && !strings.HasPrefix(line, "warning:") {
			last = line
		}
	}
	if fatal != "" {
		last = fatal
	}
	if reason != "" && reason != last {
		last = reason + ": " + last
	}
	return lower(strings.TrimSuffix(last, "."))
}

// lower makes the first letter small, unless the word is in capitals.
func lower(s string) string {
	if len(s) > 1 && s[1] >= 'A' && s[1] <= 'Z' {
		return s
	}
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
