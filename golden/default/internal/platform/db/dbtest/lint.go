package dbtest

import (
	"fmt"
	"regexp"
	"strings"
)

// hazard is SQL that stops a running program, or that it cannot live with while the old version and the new one both run.
type hazard struct {
	sql *regexp.Regexp // group 1, if there is one, is the table

	// old says that it is one only on a table that holds rows already: one that this migration did not make itself.
	old bool

	// unless takes the safe forms out. Nil takes out none.
	unless *regexp.Regexp

	why  string
	safe string
}

// table is a table in a statement, as group.
const table = `(?:if exists )?(?:only )?([a-z_][a-z0-9_.]*)`

func hazards() []hazard {
	return append(rewrites(), breaks()...)
}

// rewrites are what takes long while others wait.
func rewrites() []hazard {
	return []hazard{
		{
			sql: regexp.MustCompile(`^create (?:unique )?index (?:if not exists )?(?:[a-z_][a-z0-9_]* )?on ` + table), old: true,
			why:  "writes to the table wait until the index is built",
			safe: "create index concurrently, alone in a file that begins with -- +goose NO TRANSACTION",
		},
		{
			sql: regexp.MustCompile(`^alter table ` + table + `.* add column .*not null`), old: true,
			unless: regexp.MustCompile(`default|generated`),
			why:    "rows that are there have no value, and the old program inserts without one",
			safe:   "add it with a constant default; or nullable, fill it in batches, then the form of SET NOT NULL",
		},
		{
			sql: regexp.MustCompile(`^alter table ` + table + `.* add column .*default [a-z_.]+ ?\(`), old: true,
			unless: regexp.MustCompile(`default (?:now|current_setting|nullif) ?\(`),
			why:    "a default that differs from row to row rewrites the table while nobody can read it",
			safe:   "add it nullable; then set default for new rows; then fill the old ones in batches",
		},
		{
			sql: regexp.MustCompile(`^alter table ` + table + `.* add column .*(?:generated always as .* stored|\b(?:small|big)?serial\b)`), old: true,
			why:  "the table is rewritten while nobody can read it",
			safe: "add a plain column, fill it in batches, and keep it up to date in the program",
		},
		{
			sql: regexp.MustCompile(`^alter table ` + table + `.* alter (?:column )?[a-z0-9_"]+ (?:set data )?type `), old: true,
			why:  "the table is rewritten while nobody can read it, and the old program meets the new type",
			safe: "add a column of the new type, write both, fill it in batches, read it, and drop the old one a release later",
		},
		{
			sql: regexp.MustCompile(`^alter table ` + table + `.* alter (?:column )?[a-z0-9_"]+ set not null`), old: true,
			why:  "the whole table is read while nobody can write",
			safe: "add constraint c check (column is not null) not valid; validate constraint c; set not null; drop constraint c (lint: why)",
		},
		{
			sql: regexp.MustCompile(`^alter table ` + table + `.* add (?:constraint [a-z0-9_"]+ )?(?:check|foreign key)`), old: true,
			unless: regexp.MustCompile(`not valid`),
			why:    "the whole table is read while nobody can write",
			safe:   "add constraint ... not valid; then, in the next migration, validate constraint",
		},
		{
			sql: regexp.MustCompile(`^alter table ` + table + `.* add (?:constraint [a-z0-9_"]+ )?(?:unique|primary key|exclude)`), old: true,
			unless: regexp.MustCompile(`using index`),
			why:    "an index is built while nobody can read or write",
			safe:   "create unique index concurrently; then add constraint ... using index",
		},
	}
}

// breaks are what the old program cannot live with, and what locks everything.
func breaks() []hazard {
	return []hazard{
		{
			sql: regexp.MustCompile(`^alter table ` + table + `.* rename `), old: true,
			why:  "the old program asks for the old name",
			safe: "add the new one, write both, and drop the old one a release later",
		},
		{
			sql: regexp.MustCompile(`^(?:alter table ` + table + `.* drop (?:column )|drop (?:table|view|schema|function) )`), old: true,
			why:  "the old program still uses it",
			safe: "one release later, with -- lint: and since when nobody uses it on the line above",
		},
		{
			sql: regexp.MustCompile(`^(?:update|delete from) ` + table), old: true,
			why:  "all rows are locked until the end of the migration",
			safe: "change them in batches, by a job or a command, and not by a migration",
		},
		{
			sql:  regexp.MustCompile(`^(?:vacuum full|cluster|lock|reindex (?:index|table|schema|database) [^c])`),
			why:  "nobody can read or write meanwhile",
			safe: "reindex concurrently; nothing else belongs into a migration",
		},
		{
			sql:  regexp.MustCompile(`lock_timeout`),
			why:  "migrate sets it from DATABASE_LOCK_TIMEOUT: all others wait behind a statement that waits for a lock",
			safe: "leave it, and run migrate again when the table is less busy",
		},
	}
}

// created finds the tables that a migration makes.
var created = regexp.MustCompile(`^create (?:unlogged )?table (?:if not exists )?([a-z_][a-z0-9_.]*)`)

// Lint returns what is unsafe in one migration, a hazard a line with the safe form. A statement below a comment "-- lint: why"
// is left alone, for its author has thought of it.
func Lint(file, text string) []string {
	var found []string
	made := map[string]bool{}
	alone := strings.Contains(text, "-- +goose NO TRANSACTION")
	for _, s := range statements(text) {
		if m := created.FindStringSubmatch(s.sql); m != nil {
			made[m[1]] = true
		}
		if concurrently := strings.Contains(s.sql, " concurrently "); concurrently != alone && !s.excused {
			found = append(found, fmt.Sprintf("%s:%d: what is CONCURRENTLY, and nothing else, has a file that begins with -- +goose NO TRANSACTION", file, s.line))
		}
		if s.excused {
			continue
		}
		for _, h := range hazards() {
			m := h.sql.FindStringSubmatch(s.sql)
			if m == nil || strings.Contains(s.sql, " concurrently ") || h.unless != nil && h.unless.MatchString(s.sql) {
				continue
			}
			if h.old && len(m) > 1 && made[m[1]] {
				continue
			}
			found = append(found, fmt.Sprintf("%s:%d: %s\n    why:  %s\n    safe: %s", file, s.line, short(s.sql), h.why, h.safe))
		}
	}
	return found
}

func short(sql string) string {
	if len(sql) > 70 {
		return sql[:70] + "..."
	}
	return sql
}

// statement is one of a migration, in lower case, with single blanks and without what stands in comments and strings.
type statement struct {
	sql     string
	line    int
	excused bool
}

// quiet is what may hold a semicolon or a word of SQL and is none: strings, dollar quotes, comments.
var quiet = regexp.MustCompile(`(?s)'(?:[^']|'')*'|\$\$.*?\$\$|\$[a-z_]+\$.*?\$[a-z_]+\$|--[^\n]*|/\*.*?\*/`)

// statements are those of the way up.
func statements(text string) []statement {
	up, _, _ := strings.Cut(text, "-- +goose Down")
	excuses := map[int]bool{}
	for i, l := range strings.Split(up, "\n") {
		excuses[i+2] = strings.HasPrefix(strings.TrimSpace(l), "-- lint: ")
	}
	up = quiet.ReplaceAllStringFunc(up, func(s string) string { return strings.Repeat("\n", strings.Count(s, "\n")) + "''" })
	var found []statement
	line := 1
	for _, part := range strings.Split(up, ";") {
		head := part[:len(part)-len(strings.TrimLeft(part, " \t\n'"))]
		sql := strings.Join(strings.Fields(strings.ToLower(strings.TrimLeft(part, " \t\n'"))), " ")
		at := line + strings.Count(head, "\n")
		line += strings.Count(part, "\n")
		if sql != "" {
			found = append(found, statement{sql: sql, line: at, excused: excuses[at]})
		}
	}
	return found
}
