package disk

import (
	"errors"
	"io/fs"
	"slices"
)

// The two places where a transaction's folder may lie.
const (
	gitHome  = ".git/startkit"
	bareHome = ".startkit"
)

// ignore hides bareHome from git.
const ignore = ".gitignore"

// openWork claims the folder for a new transaction.
func openWork(root hand) (work, error) {
	home := bareHome
	if kind, err := root.kind(".git"); err != nil {
		return work{}, err
	} else if kind == Folder {
		home = gitHome
	}
	w, err := claimWork(root, home)
	if err != nil || home == gitHome {
		return w, err
	}
	if err := w.hide(); err != nil {
		return w, errors.Join(err, w.close())
	}
	return w, nil
}

func claimWork(root hand, home string) (work, error) {
	c, err := take(root, home, anyones)
	return work{root, home, c}, err
}

// hide keeps the folder out of git status.
func (w work) hide() error {
	err := w.claim.dir.save(ignore, []byte("*\n"), 0o644)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// close gives the folder up, and removes it unless something was kept in it.
func (w work) close() error {
	names, err := w.claim.dir.names(".")
	ours := func(name string) bool { return name == marker || name == ignore }
	if err == nil && slices.Contains(names, ignore) && !slices.ContainsFunc(names, func(n string) bool { return !ours(n) }) {
		_ = w.claim.dir.remove(ignore)
	}
	return w.claim.release()
}

// homes lists the transaction folders that are there.
func homes(root hand) ([]string, error) {
	var found []string
	for _, home := range []string{gitHome, bareHome} {
		ours, err := root.claimed(home)
		if err != nil {
			return nil, err
		}
		if ours {
			found = append(found, home)
		}
	}
	return found, nil
}
