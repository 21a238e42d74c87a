// Package change says what turns one repository into another, and what of it
// a person must decide. It brings what a generator changed into a repository
// that its owners have edited. Nothing in it touches a disk.
//
//	Diff     two trees -> Change
//	Merge    base, ours (the user's), theirs (generated) -> Change
//	Change   a File for every path: a Verdict, the reason, before and after
//	Result   one merged file in pieces: text, or a Conflict
//	Merger   base, ours, theirs -> Result, by kind of file (kinds.go)
//
// Lines are merged as diff3 does (Khanna, Kunal and Pierce, "A Formal
// Investigation of Diff3", 2007): both sides are compared with base, hunks that
// overlap are a conflict unless both did the same. Where git merge-file finds
// no conflict there is none here, and the text is the same to the byte; the
// tests hold the two against each other. No line that only the user wrote is
// ever lost: it is in the merged file, or in a listed conflict.
//
// # Where git quarrels and we do not
//
// Git makes a conflict of hunks that only touch. Features are rows appended to
// lists, so that hunks touch all the time, and a colleague would not ask. Both
// are done (Mercurial calls it relaxed block sync) if each line of base belongs
// to one hunk at most, by these rules:
//
//   - Two insertions at one place both stay, the generated one first. The same
//     insertion, or one that the other holds, stays once. The deeper one goes
//     first, as it continues what is above: a port of the last compose service
//     before the next service, a line of a recipe before the next target.
//   - An insertion beside a change or a deletion stands beside it: a row of
//     .env, a field, an import, a list item below one whose value was changed.
//     Not so if it leans on what is gone: it is deeper than the head of a block
//     that was deleted or rewritten above it, or uses a variable declared there.
//     A line of a compose service must not end up in the next one.
//   - Two changed rows side by side are both taken if every line kept its name
//     (KEY=, key:, | cell |). A hunk that changes rows and inserts others counts
//     as two. In other code neighbours explain each other: that stays a conflict.
//   - A side that left nothing of base standing, or moved lines in or out, has
//     no neighbours: there git's rule holds.
//
// # Where we quarrel and git does not
//
// What parses on both sides must parse when merged (Go, JSON), and a name must
// not be given twice where that is an error (Go declarations, fields and keys,
// YAML and .env keys, targets of a Makefile). Else the hunks that the rules
// above let pass are a conflict after all, and if that does not help, each hunk
// of theirs. Files that are not text or over 1 MB are never merged.
//
// # Layout
//
// If lines compared as they are leave a quarrel they are compared again without
// line endings and then, by kind, without layout: Go by tokens, JSON and YAML
// without indent, Markdown tables without padding. What theirs brings is then
// indented as the user indents, Go is formatted if both sides were. A file has
// the user's endings and mark, if the user changed them.
package change
