// Package disk is the one place that writes files, and it writes all or
// nothing. It decides nothing: what a repository holds comes to it as a
// tree.Tree, what changes as tree.Edits.
//
//	Stage, Write, Commit     a new repository: made beside its target, then renamed onto it
//	Read                     what exists at some paths, for a merge
//	Apply                    edits of an existing repository, as one journalled transaction
//	Recover                  finishes or undoes what a killed Apply left
//
// Whoever is killed at any moment leaves the old state, the new one, or one
// that the next Stage or Recover brings to either. Nothing follows a symbolic
// link, nothing outside the root is touched, and nothing is deleted that this
// package did not make, but the file that an Edit names and describes.
//
// Where the journal lies. Contents are staged in .git/startkit and renamed
// into place, so that nothing shows in git status. When .git is not a folder
// of the root (a worktree, a submodule, a subfolder of a larger repository,
// no git at all) they are staged in .startkit at the root, which ignores
// itself; the price is a folder that is seen while a run works or after it
// was killed. It does not go into the folder that a .git file points at: that
// one may be on another file system, where a rename does not reach, and
// outside of the os.Root that keeps links from leading away.
//
// Two runs. Each of these folders holds a marker, startkit.lock, which its run
// keeps locked: flock, or on Windows a file that is shared with nobody. The
// system drops the lock with the process, so a lock is never stale, and a
// marker without a lock is what a killed run left.
//
// What it does not do: extended attributes, access lists and hard links of a
// replaced file are not kept, and of its owner only what the system lets an
// ordinary user keep. A file is looked at right before it is replaced; what an
// editor saves in the microseconds between is lost, since no system has a
// rename that compares. Below a folder that another file system is mounted on
// a rename does not reach: Apply refuses there, and undoes the rest.
package disk
