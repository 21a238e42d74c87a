// Package dbtest gives each test a database of its own, on a real Postgres.
//
// New copies a template, in which the migrations have been applied once. The template is named after what is in the
// migrations and is shared by all tests, packages and processes that use the same server; so a test costs a copy, and may run
// in parallel with all others. The database is dropped when the test ends:
//
//	server -> template -> copy -> db.Open -> drop
//
// The server is the one at TEST_DATABASE_URL, whose login must be allowed to make databases and roles. Without that, each test
// process starts a Postgres of its own, which ends with the process; see package devenv.
package dbtest

import (
	"context"
	"testing"
	"time"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/secret"
)

// New returns a database in which the migrations of the schemas were applied in that order. It is dropped after the test.
func New(t testing.TB, schemas ...db.Schema) *db.DB {
	t.Helper()
	database, err := db.Open(t.Context(), Options(t, schemas...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(database.Close)
	return database
}

// Options returns how to open such a database, for a test that starts what opens it. Without schemas the database is empty.
func Options(t testing.TB, schemas ...db.Schema) db.Options {
	t.Helper()
	s, err := start()
	if err != nil {
		t.Fatal(err)
	}
	template, err := s.template(t.Context(), schemas)
	if err != nil {
		t.Fatal(err)
	}
	name := newName("test")
	// A copy has not what was said of the database itself. No test sees what its login is called: Postgres would leave out the name of
	// a schema that is called the same.
	err = s.exec(t.Context(), "create database "+name+" template "+template,
		"revoke temporary on database "+name+" from public", "alter database "+name+" set search_path = public")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The context of a test ends before its cleanup. Postgres waits some seconds for connections that are being closed.
		if err := s.exec(context.WithoutCancel(t.Context()), "drop database "+name); err != nil {
			t.Error(err)
		}
	})
	return options(s.url(name))
}

// options are those of a test: few connections, since hundreds of tests share one server, and time enough for a busy machine.
func options(url string) db.Options {
	return db.Options{
		URL:              secret.New(url),
		MaxConns:         4,
		StatementTimeout: 10 * time.Second,
		LockTimeout:      10 * time.Second,
	}
}
