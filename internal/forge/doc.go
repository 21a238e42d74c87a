// Package forge talks to git by running it, since only git itself knows the
// signing keys, hooks and templates of its user. It decides nothing.
//
//	Init                    a repository with its first commit
//	Identity, ConfigUser    who the user is, to git
//	InsideRepository        whether a folder already belongs to a repository
//	Dirty                   which paths hold work that no commit holds
//	Renames                 where files went since startkit last wrote
//	Conflict                the three sides of a conflict, for editors to show
//
// Every call names its folder and runs with an environment of our own making:
// what git reads from GIT_DIR and the like would lead it elsewhere, what it
// asks at the terminal would hang. In a repository that exists nothing here
// moves HEAD or a branch; Conflict writes objects and the index, Renames at
// most the object of an empty file, the others nothing.
//
// The first commit holds every file that was generated, but for those that a
// .gitignore among them names: not what a template of the user's git, or his
// global core.excludesFile, happens to ignore, since a file that only his
// machine leaves out breaks the build of everybody else. It also holds exactly
// the bytes that were generated, whatever core.autocrlf says. Everything else
// is as configured: hooks run, commits are signed, and if either refuses, the
// files stay where they are.
package forge
