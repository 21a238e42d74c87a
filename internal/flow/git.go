package flow

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/startkit/startkit/internal/change"
	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/forge"
)

// gitless says whether an error only means that git has nothing to say.
func gitless(err error) bool {
	return errors.Is(err, forge.ErrNoRepository) || errors.Is(err, forge.ErrNoGit)
}

// clean refuses to write to files with changes that are not committed, unless
// forced, and to files in which a conflict is still open. Without git nothing
// says what is committed; the journal still protects the run.
func clean(ctx context.Context, root string, c change.Change, force bool) error {
	var paths []string
	for _, e := range c.Edits() {
		paths = append(paths, e.Path)
	}
	if len(paths) == 0 {
		return nil
	}
	dirt, err := forge.Dirty(ctx, root, paths)
	if err != nil && !gitless(err) {
		return err
	}
	unmerged, changed := marked(c, gitless(err)), []string(nil)
	for _, d := range dirt {
		if d.State == forge.Unmerged {
			unmerged = append(unmerged, d.Path)
		} else {
			changed = append(changed, d.Path)
		}
	}
	if len(unmerged) > 0 {
		return fault.UnmergedFiles(unmerged)
	}
	if len(changed) > 0 && !force {
		return fault.DirtyFiles(changed)
	}
	return nil
}

// room refuses a change of which a file can have no place. To write the rest
// would say that all of it is there, and the file would never come.
func room(c change.Change) error {
	for _, f := range c.Files {
		if f.Verdict == change.Conflicted && f.Before == nil && f.After == nil {
			return fault.Odd(fmt.Errorf("%s: %s", f.Path, f.Reason))
		}
	}
	return nil
}

// ignored notes the new files of a change that git would leave out of a commit.
func ignored(ctx context.Context, root string, c change.Change) (notes []string, err error) {
	var paths []string
	for _, f := range c.Files {
		if f.Verdict == change.Created {
			paths = append(paths, f.Path)
		}
	}
	left, err := forge.Ignored(ctx, root, paths)
	for _, path := range left {
		notes = append(notes, "git ignores "+path+", which is new")
	}
	if gitless(err) {
		err = nil
	}
	return notes, err
}

// marked lists the files of a change in which the marks of a conflict still
// stand. With git its index knows; without git only the marks tell.
func marked(c change.Change, gitless bool) (list []string) {
	for _, f := range c.Files {
		if gitless && f.Writes() && f.Before != nil && hasMarks(f.Before.Data) {
			list = append(list, f.Path)
		}
	}
	return list
}

// hasMarks says whether the marks of a conflict that was written here stand in
// a file.
func hasMarks(data []byte) bool {
	return bytes.Contains(data, []byte("<<<<<<< "+labels.Ours)) && bytes.Contains(data, []byte(">>>>>>> "+labels.Theirs))
}

// sides collects the three versions of each file that a person must decide.
func (s step) sides(c change.Change) []forge.Sides {
	var open []forge.Sides
	for _, f := range c.Files {
		if f.Verdict != change.Conflicted || !f.Writes() {
			continue
		}
		from := f.Path
		if f.From != "" {
			from = f.From
		}
		sides := forge.Sides{Path: f.Path, Ours: f.Before}
		if b, ok := s.before[from]; ok {
			sides.Base = &b
		}
		if t, ok := s.after[from]; ok {
			sides.Theirs = &t
		}
		open = append(open, sides)
	}
	return open
}

// mark tells git's index of the conflicts, so that git status and editors show
// them.
func mark(ctx context.Context, root string, open []forge.Sides) error {
	if len(open) == 0 {
		return nil
	}
	if err := forge.Conflict(ctx, root, open); err != nil && !gitless(err) {
		return err
	}
	return nil
}
