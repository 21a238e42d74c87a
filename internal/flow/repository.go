package flow

import (
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/disk"
	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/plan"
)

// repository is a generated repository on a disk.
type repository struct {
	root  string
	saved answers.Answers // what its startkit.mod says
	notes []string        // what had to be done before it could be read
}

// open finds the repository that dir is in and reads its startkit.mod. One
// that a later version wrote is refused, and not half understood. Writes says
// whether the command may write.
func open(dir string, writes bool) (repository, error) {
	root, notes, err := enter(dir, writes)
	if err != nil {
		return repository{}, err
	}
	file := filepath.Join(root, answers.File)
	mod, err := os.ReadFile(file)
	if err != nil {
		return repository{}, err
	}
	version, err := plan.Version(file, mod)
	if err != nil {
		return repository{}, fault.BadAnswers(err)
	}
	if newer(version, answers.Version) {
		return repository{}, fault.OtherVersion(version, answers.Version, answers.Tool)
	}
	a, err := Answers(file, mod)
	if err == nil {
		_, err = plan.Make(a, features())
		err = fault.InAnswers(file, err)
	}
	return repository{root, a, notes}, err
}

// find returns the folder, dir or one above it, that holds a startkit.mod.
func find(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for root := abs; ; root = filepath.Dir(root) {
		info, err := os.Lstat(filepath.Join(root, answers.File))
		if err == nil && info.Mode().IsRegular() {
			return root, nil
		}
		if filepath.Dir(root) == root {
			return "", fault.NotARepository(abs)
		}
	}
}

// newer says whether a version comes after another one.
func newer(a, b string) bool { return semver.Compare(a, b) > 0 }

// enter finds the repository that dir is in and sees to it that no killed run
// is left half done, before anything of it is read: a command that writes
// finishes or undoes it, and says which; one that does not refuses.
func enter(dir string, writes bool) (root string, notes []string, err error) {
	if root, err = find(dir); err != nil {
		return "", nil, err
	}
	if writes {
		notes, err = mend(root)
		return root, notes, err
	}
	unfinished, err := disk.Unfinished(root)
	if err == nil && unfinished {
		err = fault.Unfinished()
	}
	return root, nil, err
}

// mend finishes or undoes what a killed run left behind, and says which.
func mend(root string) ([]string, error) {
	done, err := disk.Recover(root)
	if err != nil {
		return nil, err
	}
	var notes []string
	if done.Outcome != disk.Nothing {
		notes = append(notes, "an earlier run was cut short: "+done.Outcome.String())
	}
	for _, k := range done.Kept {
		note := k.Path + " was changed meanwhile and is as you left it"
		if k.Saved != "" {
			note += "; the other version is in " + k.Saved
		}
		notes = append(notes, note)
	}
	return notes, nil
}

// relative returns the path below the repository, slash-separated, of a path
// that the user gave against dir.
func (r repository) relative(dir, path string) (string, error) {
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(r.root, abs)
	if err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
		return "", fault.NoPath(path)
	}
	return filepath.ToSlash(rel), nil
}

// current refuses a repository that another version rendered.
func (r repository) current() error {
	if r.saved.Version != answers.Version {
		return fault.OldVersion(r.saved.Version, answers.Version, answers.Tool)
	}
	return nil
}
