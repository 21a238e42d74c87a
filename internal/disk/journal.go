package disk

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"

	"github.com/startkit/startkit/internal/tree"
)

// The names in the folder of a transaction. Which of the last three is there
// says how far it came: none, and nothing of the repository was touched;
// forward, and Recover finishes it; back, and Recover undoes it; done, and
// only the folder is left to be cleared.
const (
	freshDir = "new" // what shall be, by the number of the entry
	staleDir = "old" // what was, by the number of the entry
	draft    = "journal.new"
	forward  = "journal"
	back     = "journal.undo"
	done     = "journal.done"
)

// edition is the version of the journal's form.
const edition = 1

// journal is a transaction as it is written down.
type journal struct {
	Edition int `json:"edition"`
	// Entries are the edits, deletions first, so that a file can make way
	// for a folder.
	Entries []entry `json:"entries"`
	// Made lists the folders that the transaction makes, the topmost first.
	Made []string `json:"made"`
}

// entry is one edit by its marks; the bytes lie in freshDir and staleDir.
type entry struct {
	Path   string `json:"path"`
	Before *mark  `json:"before"`
	After  *mark  `json:"after"`
}

// plan turns edits into a journal. Edits that change nothing stay in it: their
// files must not have changed either.
func plan(edits []tree.Edit) journal {
	var gone, kept []entry
	for _, e := range edits {
		entry := entry{e.Path, markOf(e.Before), markOf(e.After)}
		if e.After == nil {
			gone = append(gone, entry)
		} else {
			kept = append(kept, entry)
		}
	}
	return journal{Edition: edition, Entries: append(gone, kept...)}
}

func (e entry) idle() bool { return e.Before.same(e.After) }

// work is a repository with its transaction's folder, which this process has
// to itself.
type work struct {
	root  hand
	home  string // the folder's path below root
	claim *claim
}

func (w work) fresh(i int) string { return w.home + "/" + freshDir + "/" + strconv.Itoa(i) }
func (w work) stale(i int) string { return w.home + "/" + staleDir + "/" + strconv.Itoa(i) }

// begin writes the journal down. From then on Recover finishes the
// transaction; before, it forgets it.
func (w work) begin(j journal) error {
	data, err := json.MarshalIndent(j, "", "\t")
	if err != nil {
		return err
	}
	if err := w.claim.dir.save(draft, data, 0o644); err != nil {
		return err
	}
	// The folder is as new as what is in it.
	if err := w.root.syncDir(path.Dir(w.home)); err != nil {
		return err
	}
	return w.turn(draft, forward)
}

// turn moves the transaction to its next state, for good.
func (w work) turn(from, to string) error {
	if err := w.claim.dir.rename(from, to); err != nil {
		return err
	}
	return w.claim.dir.syncDir(".")
}

// state says how far the transaction in the folder came, and reads its journal.
func (w work) state() (string, journal, error) {
	for _, name := range []string{done, back, forward} {
		data, err := w.claim.dir.root.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		var j journal
		if err == nil {
			err = json.Unmarshal(data, &j)
		}
		if err == nil {
			err = j.check()
		}
		if err != nil {
			return "", j, fmt.Errorf("read %s/%s: %w", w.home, name, err)
		}
		return name, j, nil
	}
	return "", journal{}, nil
}

// check refuses a journal that this package would not have written: a
// repository that was cloned may bring a .startkit of its making, and it must
// not lead into .git.
func (j journal) check() error {
	if j.Edition != edition {
		return fmt.Errorf("edition %d is not known; another version of startkit wrote it", j.Edition)
	}
	var problems []string
	for _, e := range j.Entries {
		if why := flaw(e.Path); why != "" {
			problems = append(problems, fmt.Sprintf("%q %s", e.Path, why))
		}
	}
	for _, dir := range j.Made {
		if why := flaw(dir); why != "" {
			problems = append(problems, fmt.Sprintf("%q %s", dir, why))
		}
	}
	if problems != nil {
		return &PathError{problems}
	}
	return nil
}

// clear empties the folder but for what was kept for the user.
func (w work) clear() error {
	var problems []error
	for _, name := range []string{freshDir, staleDir, draft, forward, back, done} {
		problems = append(problems, w.claim.dir.removeAll(name))
	}
	return errors.Join(problems...)
}
