package flow

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/disk"
	"github.com/startkit/startkit/internal/fault"
)

// repository is a generated repository on a disk.
type repository struct {
	root  string
	saved answers.Answers // what its startkit.mod says
}

// open finds the repository that dir is in, by its startkit.mod.
func open(dir string) (repository, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return repository{}, err
	}
	for root := abs; ; root = filepath.Dir(root) {
		b, err := os.ReadFile(filepath.Join(root, answers.File))
		if err == nil {
			a, err := Answers(filepath.Join(root, answers.File), b)
			return repository{root, a}, err
		}
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrInvalid) && filepath.Dir(root) == root {
			return repository{}, err
		}
		if filepath.Dir(root) == root {
			return repository{}, fault.NotARepository(abs)
		}
	}
}

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
		return fault.OtherVersion(r.saved.Version, answers.Version, answers.Tool)
	}
	return nil
}
