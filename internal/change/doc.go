// Package change says what turns one repository into another, and what of it
// a person must decide. It merges what a generator changed into a repository
// that its owners have edited. Nothing in it touches a disk.
//
//	Diff     two trees -> Change
//	Merge    base, ours (the user's), theirs (generated) -> Change
//	Change   a File for every path: a Verdict, the reason, before and after
//	Result   one merged file in pieces: text, or a Conflict
//	Merger   base, ours, theirs -> Result, by kind of file (kinds.go)
package change
