package dbtest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/db/dbtest"
)

func TestUnsafeMigrationsAreRefusedWithTheSafeForm(t *testing.T) {
	for sql, why := range map[string]string{
		"create index on a.t (x)":                                            "writes to the table wait until the index is built",
		"create unique index t_x on a.t (x)":                                 "writes to the table wait until the index is built",
		"alter table a.t add column x text not null":                         "rows that are there have no value, and the old program inserts without one",
		"alter table a.t\n  add column x uuid not null default f()":          "a default that differs from row to row rewrites the table while nobody can read it",
		"alter table a.t add column x bigserial":                             "the table is rewritten while nobody can read it",
		"alter table only a.t alter column x type bigint":                    "the table is rewritten while nobody can read it, and the old program meets the new type",
		"alter table a.t alter x set not null":                               "the whole table is read while nobody can write",
		"alter table a.t add constraint c check (x > 0)":                     "the whole table is read while nobody can write",
		"alter table a.t add foreign key (x) references a.u":                 "the whole table is read while nobody can write",
		"alter table a.t add constraint c unique (x)":                        "an index is built while nobody can read or write",
		"alter table a.t rename column x to y":                               "the old program asks for the old name",
		"alter table a.t drop column x":                                      "the old program still uses it",
		"drop table a.t":                                                     "the old program still uses it",
		"update a.t set x = 'set; lock_timeout'":                             "all rows are locked until the end of the migration",
		"vacuum full a.t":                                                    "nobody can read or write meanwhile",
		"create table a.u (x int); set lock_timeout = 0":                     "migrate sets it from DATABASE_LOCK_TIMEOUT: all others wait behind a statement that waits for a lock",
		"create index concurrently t_x on a.t (x)":                           "",
		"-- +goose NO TRANSACTION\nselect 1":                                 "",
		"create table a.u (x int); create index concurrently u_x on a.u (x)": "",
	} {
		found := dbtest.Lint("a/2.sql", "-- +goose Up\n"+sql+";\n")
		_, got, _ := strings.Cut(strings.Join(found, "\n"), "why:  ")
		got, safe, _ := strings.Cut(got, "\n    safe: ")
		if len(found) != 1 || got != why || (why != "") != (safe != "") {
			t.Errorf("%s: found %q, want %q", sql, found, why)
		}
	}
}

func TestSafeMigrationsAreLeftAlone(t *testing.T) {
	for _, sql := range []string{
		"create table a.t (x int not null, unique (x)); create index on a.t (x); alter table a.t alter x type bigint",
		"alter table a.t add column x text; alter table a.t add column y int not null default 0",
		"alter table a.t add constraint c check (x is not null) not valid; alter table a.t validate constraint c",
		"alter table a.t add constraint c unique using index t_x",
		"-- lint: unused since release 7\nalter table a.t drop column x",
		"comment on table a.t is 'drop table a.t; update a.t'; create function a.f() returns int language sql as $$ update a.t set x = 1; $$",
		"insert into a.t values (1) /* vacuum full; */",
		"-- +goose NO TRANSACTION\ncreate index concurrently t_x on a.t (x)",
	} {
		if diff := cmp.Diff([]string(nil), dbtest.Lint("a/2.sql", "-- +goose Up\n"+sql+";\n-- +goose Down\ndrop table a.t;\n")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", sql, diff)
		}
	}
}
