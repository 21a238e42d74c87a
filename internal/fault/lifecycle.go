package fault

import "strings"

// OldVersion says that a repository was rendered by an earlier version.
func OldVersion(has, this, tool string) error {
	return refused([]string{"startkit update                                  brings it to " + this, "go run " + tool + "/cmd/startkit@" + has + " ...      works on it as it is"},
		"the repository was rendered by startkit %s and this is %s", has, this)
}

// Downgrade says that an update would go back.
func Downgrade(has, to, tool string) error {
	return refused([]string{"go run " + tool + "/cmd/startkit@latest update"}, "the repository was rendered by startkit %s, which is later than %s", has, to)
}

// NoBase says that another version cannot be had to render with.
func NoBase(version string, err error) error {
	return &Error{Kind: Refused, What: "render with startkit " + version + ": " + err.Error() + "; nothing was written",
		Next: []string{"--base-binary PATH      a startkit " + version + " that you have", "with a network: go install fetches it once, and it works offline afterwards"}, Err: err}
}

// StillNeeded says that a feature cannot go, and why it is there.
func StillNeeded(name, reason string) error {
	return refused([]string{"startkit list      says what needs what"}, "%s stays: %s", name, reason)
}

// NotThere says that there is nothing of that name to remove.
func NotThere(name string, there []string) error {
	if len(there) == 0 {
		return refused(nil, "%s is not in the repository", name)
	}
	return refused([]string{"there: " + strings.Join(there, ", ")}, "%s is not in the repository", name)
}

// UnknownKey says that `set` does not know a key.
func UnknownKey(pair string) error {
	return usage([]string{"startkit set name=NAME", "startkit set module=PATH"}, "%s sets nothing", pair)
}

// NotAsRendered says that files differ from what was rendered.
func NotAsRendered(n int) error {
	return refused([]string{"startkit diff      shows how"}, "%d files are not as they were rendered", n)
}

// BadVersion says that a version is none.
func BadVersion(version string) error {
	return usage([]string{"startkit update --to v1.2.3"}, "%q is no version", version)
}

// Unfinished says that a killed run comes first.
func Unfinished() error {
	return refused([]string{"startkit update      finishes or undoes it"}, "an earlier run was cut short, and this command writes nothing")
}

// WrongBase says that a program is asked what another version wrote.
func WrongBase(wanted, is string) error {
	return refused(nil, "this is startkit %s, and not %s", is, wanted)
}
