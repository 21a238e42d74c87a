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
}

// open finds the repository that dir is in and reads its startkit.mod. One
// that a later version wrote is refused, and not half understood.
func open(dir string) (repository, error) {
	root, err := find(dir)
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
	return repository{root, a}, err
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

// mend finishes or undoes what a killed run left behind, and says which.
func (r repository) mend() ([]string, error) {
	done, err := disk.Recover(r.root)
	if err != nil {
		return nil, err
	}
	var notes []string
	if done.Outcome != disk.Nothing {
		notes = append(notes, "an earlier run was cut short: "+done.Outcome.String())
	}
	for _, k := range done.Kept {
		notes = append(notes, k.Path+" was changed meanwhile and is as you left it; the other version is in "+k.Saved)
	}
	return notes, nil
}

// relative returns a path below the repository, slash-separated.
func (r repository) relative(path string) (string, error) {
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
