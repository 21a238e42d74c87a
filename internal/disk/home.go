package disk

import (
	"errors"
	"io/fs"
)

// The two places where a transaction's folder may lie.
const (
	gitHome  = ".git/startkit"
	bareHome = ".startkit"
)

// openWork claims the folder for a new transaction.
func openWork(root hand) (work, error) {
	home := bareHome
	if kind, err := root.kind(".git"); err != nil {
		return work{}, err
	} else if kind == Folder {
		home = gitHome
	}
	w, err := claimWork(root, home)
	if err == nil && home == bareHome {
		err = w.hide()
	}
	return w, err
}

func claimWork(root hand, home string) (work, error) {
	c, err := take(root, home)
	return work{root, home, c}, err
}

// hide keeps the folder out of git status.
func (w work) hide() error {
	err := w.claim.dir.save(".gitignore", []byte("*\n"), 0o644)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// close gives the folder up, and removes it unless something was kept in it.
func (w work) close() error {
	if w.home == bareHome {
		if names, err := w.claim.dir.names("."); err == nil && len(names) == 2 {
			_ = w.claim.dir.remove(".gitignore")
		}
	}
	return w.claim.release()
}

// leftovers lists the transaction folders that are there and hold more than
// what was kept for the user.
func leftovers(root hand) ([]string, error) {
	var homes []string
	for _, home := range []string{gitHome, bareHome} {
		if odd, err := root.linkAbove(home); err != nil || odd != nil {
			continue
		}
		if kind, err := root.kind(home); err != nil {
			return nil, err
		} else if kind != Folder {
			continue
		}
		homes = append(homes, home)
	}
	return homes, nil
}
