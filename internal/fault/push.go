package fault

import (
	"fmt"
	"strings"
)

func denied(next []string, format string, args ...any) error {
	return &Error{Kind: Authentication, What: fmt.Sprintf(format, args...), Next: next}
}

// NoToken says that nothing proves to GitHub who the user is.
func NoToken(host string) error {
	return denied([]string{"gh auth login --hostname " + host, "GH_TOKEN=...      a token with the scopes repo and workflow"}, "there is no token for %s; nothing was changed", host)
}

// BadToken says that GitHub does not know a token.
func BadToken(host, from string) error {
	return denied([]string{"gh auth login --hostname " + host + "      or another GH_TOKEN"}, "%s does not accept the token of %s; nothing was changed", host, from)
}

// NoScope says what a token may not do.
func NoScope(from string, lacking []string) error {
	list := strings.Join(lacking, ",")
	return denied([]string{"gh auth refresh --scopes " + list + "      or another GH_TOKEN"}, "the token of %s lacks the scope %s; nothing was changed", from, list)
}

// NoUser says that a token belongs to no person.
func NoUser(from, why string) error {
	return denied([]string{"GH_TOKEN=...      the token of a person"}, "the token of %s belongs to no person, and cannot make a repository (%s); nothing was changed", from, why)
}

// NoRight says that the user may not make, or not write to, a repository there.
func NoRight(repository, why string) error {
	return refused([]string{"startkit push OWNER/NAME      to another owner", "or ask an owner of it to create " + repository + ", empty, with you as its administrator"},
		"you cannot push to %s: %s; nothing was changed", repository, why)
}

// BadServer says that an address of GitHub is none.
func BadServer(err error) error {
	return &Error{Kind: Usage, What: err.Error(), Next: []string{"GH_HOST, GITHUB_API_URL, GITHUB_SERVER_URL      name the server"}, Err: err}
}

// BadRepository says that a name is no name of a repository.
func BadRepository(name string) error {
	return usage([]string{"startkit push OWNER/NAME      letters, digits, . - _"}, "%q names no repository", name)
}

// NoTarget says that nothing tells where to push to.
func NoTarget() error {
	return usage([]string{"startkit push OWNER/NAME"}, "neither origin nor the module path names a repository to push to")
}

// NeedsGit says that what is pushed has to be a repository of git.
func NeedsGit(why string) error {
	return usage([]string{"startkit push OWNER/NAME      later, once it is one"}, "there would be nothing to push: %s; nothing was written", why)
}

// NoIdentity says that git does not know who commits.
func NoIdentity() error {
	return refused([]string{`git config --global user.name "Your Name"`, "git config --global user.email you@example.com"}, "git knows no user.name and user.email; nothing was changed")
}

// NoGit says that there is no git.
func NoGit() error { return refused(nil, "git is not installed; nothing was changed") }

// NotKnown says that startkit did not make what is to be pushed.
func NotKnown(dir string) error {
	return refused([]string{"startkit push --any OWNER/NAME      pushes it all the same", "startkit new NAME                   makes one"},
		"%s is not in a repository that startkit made: no startkit.mod here or above; nothing was changed", dir)
}

// Nested says that a repository is a part of a larger one.
func Nested(top string) error {
	return refused([]string{"git -C " + top + " push"}, "it is a part of the repository in %s, which is pushed as a whole; nothing was changed", top)
}

// NoBranch says that there is nothing to push.
func NoBranch(branch string) error {
	return refused([]string{"git add -A && git commit -m Start      the first commit", "git branch -m " + branch + "                     another branch's new name"}, "there is no commit on a branch %s; nothing was changed", branch)
}

// Uncommitted says that work would be left behind.
func Uncommitted(paths []string) error {
	return refused([]string{"git add -A && git commit      or git stash --include-untracked"}, "changes that are not committed: %s; nothing was changed", Some(paths))
}

// Some names the first of a list and counts the rest.
func Some(list []string) string {
	const most = 8
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
}

// OtherOrigin says that the repository belongs elsewhere already.
func OtherOrigin(origin, wanted string) error {
	return refused([]string{"git remote rename origin old      then run it again"}, "origin is %s and not %s; nothing was changed", origin, wanted)
}

// OtherHistory says that the name is taken.
func OtherHistory(repository string) error {
	return refused([]string{"startkit push OWNER/NAME      under another name"}, "%s holds a history that does not begin with our first commit; nothing was changed", repository)
}

// Moved says that a repository has another name now.
func Moved(from, to string) error {
	return refused([]string{"startkit push " + to}, "%s is %s now; nothing was changed", from, to)
}

// Archived says that a repository takes nothing any more.
func Archived(repository string) error {
	return refused([]string{"startkit push OWNER/NAME      under another name"}, "%s is archived; nothing was changed", repository)
}

// Diverged says that both sides have commits that the other has not.
func Diverged(repository, branch string) error {
	return refused([]string{"git pull --rebase origin " + branch, "startkit push"}, "%s has commits on %s that are not here; nothing was changed", repository, branch)
}

// Secrets says where secrets stand, and never what they are.
func Secrets(places []string) error {
	next := append([]string{}, places...)
	return refused(append(next, "git rm --cached FILE && git commit --amend      before it leaves this machine; then make a new secret",
		"--allow FILE                                    if it is none"), "secrets would be pushed; nothing was changed")
}

// Unreachable says that GitHub gave no answer.
func Unreachable(host string, err error) error {
	return &Error{Kind: Refused, What: fmt.Sprintf("%s cannot be reached: %v", host, err),
		Next: []string{"startkit push      once there is a network; it goes on where it stopped"}, Err: err}
}

// Limited says that GitHub wants us to come back later.
func Limited(err error) error {
	return &Error{Kind: Refused, What: err.Error(), Next: []string{"startkit push      then; it goes on where it stopped"}, Err: err}
}

// Stopped says which step of a push failed.
func Stopped(step string, err error) error {
	return &Error{Kind: Refused, What: fmt.Sprintf("%s: %v", step, err), Next: []string{"startkit push      goes on where it stopped"}, Err: err}
}

// Guarded says that the branch takes no direct pushes.
func Guarded(branch string) error {
	return refused([]string{"git switch -c CHANGE && git push -u origin CHANGE      then open a pull request"}, "%s is protected and takes changes by pull request", branch)
}

// NoPersonalInternal says that only organisations have internal repositories.
func NoPersonalInternal(owner string) error {
	return usage([]string{"--public      or neither, for a private one"}, "%s is no organisation, and only those of an enterprise have internal repositories", owner)
}
