package forge

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// asGenerated are the settings under which a first commit is what was
// generated: nothing of the user's ignore lists, no other line ends, no
// housekeeping of a repository a second old, and no daemon that watches a
// folder about to be renamed. The threshold lets git add write
// all files into one pack: a loose object for each takes four times the
// processor time.
var asGenerated = []string{
	"core.excludesFile=", "core.autocrlf=false", "core.safecrlf=false", "core.bigFileThreshold=1",
	"gc.auto=0", "maintenance.auto=false", "core.untrackedCache=false", "core.fsmonitor=false",
}

// Init makes dir a git repository, branch main, with one commit of all that is
// in it but for what its own .gitignore files name. It is an ErrNoIdentity if
// git does not know who commits, an ErrNoGit without git, and an Error with
// git's reason if a hook or a signer refuses; the files stay in any case, and
// so does the .git folder, with everything added and nothing committed.
func Init(ctx context.Context, dir, message string) error {
	if _, err := (git{dir: dir, args: []string{"init", "--quiet", "-b", "main"}}).run(ctx); err != nil {
		return err
	}
	if err := add(ctx, dir); err != nil {
		return err
	}
	commit := git{
		dir:  dir,
		args: []string{"commit", "--quiet", "--cleanup=whitespace", "-m", message},
		set:  slices.Concat(noGuess, asGenerated),
	}
	_, err := commit.run(ctx)
	if err != nil && exitCode(err) >= 0 {
		if _, _, ok := Identity(ctx, dir); !ok {
			return &Error{"commit", ErrNoIdentity.Error(), ErrNoIdentity}
		}
	}
	return err
}

// add puts everything into the index of a new repository.
func add(ctx context.Context, dir string) error {
	if !templateIgnores(dir) {
		_, err := git{dir: dir, args: []string{"add", "--all"}, set: asGenerated}.run(ctx)
		return err
	}
	// git add has no way to leave .git/info/exclude out; ls-files has.
	list := git{dir: dir, args: []string{"ls-files", "--others", "--exclude-per-directory=.gitignore", "-z"}}
	paths, err := list.run(ctx)
	if err != nil {
		return err
	}
	index := git{dir: dir, args: []string{"update-index", "--add", "-z", "--stdin"}, stdin: paths, set: asGenerated}
	_, err = index.run(ctx)
	return err
}

// templateIgnores says whether the template of the user's repositories brought
// patterns into .git/info/exclude.
func templateIgnores(dir string) bool {
	data, err := os.ReadFile(filepath.Join(dir, ".git", "info", "exclude"))
	if errors.Is(err, os.ErrNotExist) {
		return false
	}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			return true
		}
	}
	return err != nil
}
