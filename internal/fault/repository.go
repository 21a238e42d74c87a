package fault

import (
	"strconv"
	"strings"
)

// NotARepository says that no startkit.mod was found.
func NotARepository(dir string) error {
	return refused([]string{"startkit new NAME", "startkit -C DIR ...      if it is elsewhere"}, "%s is not in a repository that startkit made: no startkit.mod here or above", dir)
}

// OtherVersion says that a repository was rendered by another version.
func OtherVersion(has, this, tool string) error {
	return refused([]string{"go run " + tool + "/cmd/startkit@" + has + " ..."}, "the repository was rendered by startkit %s and this is %s", has, this)
}

// DirtyFiles says that files with changes of their own would be written to.
func DirtyFiles(paths []string) error {
	return refused([]string{"git add -A && git commit      or git stash --include-untracked, then run it again", "--force                       merge into them as they are"},
		"changes that are not committed: %s; nothing was written", strings.Join(paths, ", "))
}

// UnmergedFiles says that a conflict of git is still open in files.
func UnmergedFiles(paths []string) error {
	return refused([]string{"git status"}, "a conflict is still open in %s; nothing was written", strings.Join(paths, ", "))
}

// Conflicts says that a person must decide.
func Conflicts(files int, dryRun bool) error {
	noun, verb := "files", "wait"
	if files == 1 {
		noun, verb = "file", "waits"
	}
	if dryRun {
		return &Error{Kind: Conflict, What: strconv.Itoa(files) + " " + noun + " would wait for your decision; nothing was written"}
	}
	return &Error{Kind: Conflict, What: strconv.Itoa(files) + " " + noun + " " + verb + " for your decision; the rest is written",
		Next: []string{"git diff                     shows both sides", "git add FILE                 once a file is as you want it"}}
}

// OtherRows says that a domain is there already, and whose its rows are.
func OtherRows(domain string, global bool) error {
	if global {
		return refused([]string{"add one of another name without --global, and move the rows by a migration of your own"},
			"the domain %s is there already, and its rows are no tenant's", domain)
	}
	return refused([]string{"startkit add domain " + domain + "      changes nothing"},
		"the domain %s is there already, and its rows are each one tenant's", domain)
}

// OtherEntity says that a domain is there already with another entity.
func OtherEntity(domain, entity, plural string) error {
	return refused([]string{"startkit add domain " + domain + " --entity " + entity + " --plural " + plural + "      changes nothing", "add the second entity by hand, or as a domain of its own"},
		"the domain %s is there already, with the entity %s", domain, entity)
}

// Odd says that something stands where a file is to be.
func Odd(err error) error {
	return &Error{Kind: Refused, What: err.Error() + "; nothing was written", Next: []string{"move it out of the way"}, Err: err}
}

// NoParent says that the folder which is to hold a new repository is not there.
func NoParent(err error, parent string) error {
	return &Error{Kind: Refused, What: err.Error() + "; nothing was written", Next: []string{"mkdir -p " + parent}, Err: err}
}

// Target says why a folder cannot be made; nil for nil.
func Target(err error) error {
	if err == nil {
		return nil
	}
	return &Error{Kind: Refused, What: err.Error() + "; nothing was written",
		Next: []string{"startkit new NAME --dir PATH      another folder", "startkit add domain NAME          inside a repository that startkit made"}, Err: err}
}

// Declined says that the user said no to the last question.
func Declined(yes bool) error {
	if yes {
		return nil
	}
	return refused(nil, "nothing was written")
}

// Unwritten says why a change was not applied.
func Unwritten(err error) error {
	return &Error{Kind: Refused, What: "apply the change: " + err.Error() + "; nothing was written", Next: []string{"git status"}, Err: err}
}
