package db_test

import (
	"context"
	"errors"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
)

// notes is a schema with one table, which its role may read and write.
func notes() db.Schema {
	return schema("notes", "0001_notes.sql", `
		create table notes.notes (text text constraint notes_text_key unique);
		grant select, insert, update, delete on notes.notes to myapp_notes`)
}

// schema returns a schema of pairs of a file's name and its SQL.
func schema(name string, files ...string) db.Schema {
	root := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		root[files[i]] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + files[i+1] + ";\n")}
	}
	return db.Schema{Name: name, Files: root}
}

// open opens a database as the options say after change.
func open(t *testing.T, o db.Options) *db.DB {
	t.Helper()
	database, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(database.Close)
	return database
}

// code returns the SQLSTATE of err.
func code(err error) string {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return refused.Code
	}
	return ""
}

func TestTransactionsOfASchemaRunAsItsRole(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, notes())
	if got := dbtest.Value[string](t, database.As("notes"), "select current_user"); got != "myapp_notes" {
		t.Errorf("As(notes) runs as %s", got)
	}
	if got := dbtest.Value[string](t, database, "select current_user"); got == "myapp_notes" {
		t.Errorf("the handle that As was called on runs as %s too", got)
	}
}

func TestRoleChangesInsideOfATransaction(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, notes(), schema("other", "0001_other.sql", "create table other.other ()"))
	var role string
	err := database.As("notes").InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		if err := database.As("other").ExecAs(ctx, tx, "select 1"); err != nil {
			return err
		}
		return tx.QueryRow(ctx, "select current_user").Scan(&role)
	})
	if err != nil || role != "myapp_other" {
		t.Errorf("role is %q, error %v", role, err)
	}
}

func TestRoleOwnsNothingAndSeesNoOtherSchema(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, notes(), schema("other", "0001_other.sql", "create table other.other (x int)"))
	for attack, statement := range map[string]string{
		"read another schema":               "select * from other.other",
		"write to another schema":           "insert into other.other values (1)",
		"refer to another schema":           "create table notes.mine (x int references other.other)",
		"drop its own table":                "drop table notes.notes",
		"empty its own table at one go":     "truncate notes.notes",
		"make a table":                      "create table notes.mine ()",
		"read the versions of migrations":   "select * from notes.schema_migrations",
		"make a table in the public schema": "create table public.mine ()",
	} {
		err := database.As("notes").InTx(t.Context(), dbtest.Exec(statement))
		if got := code(err); got != "42501" {
			t.Errorf("%s: got %v, want permission denied", attack, err)
		}
	}
	if err := database.As("notes").InTx(t.Context(), dbtest.Exec("insert into notes.notes values ('mine')")); err != nil {
		t.Errorf("write to its own table: %v", err)
	}
}

func TestNameThatIsNoneDoesNothing(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, notes())
	const evilRole = `notes"; drop table notes.notes; --`
	if err := database.As(evilRole).InTx(t.Context(), dbtest.Exec("select 1")); code(err) != "22023" {
		t.Errorf("got %v, want a role that does not exist", err)
	}
	if got := dbtest.Value[bool](t, database, `select to_regclass('notes.notes') is not null`); !got {
		t.Error("the table is gone")
	}
	evil := db.Schema{Name: `x"; drop schema notes cascade; --`, Files: notes().Files}
	if _, err := db.Migrate(t.Context(), dbtest.Options(t), evil); err == nil || code(err) != "" {
		t.Errorf("Migrate: got %v, want a refusal that is not Postgres's", err)
	}
}

func TestTimesAreReadInUTC(t *testing.T) {
	t.Parallel()
	// "Local" would be the answer even on a machine whose zone is UTC.
	if got := dbtest.Value[time.Time](t, dbtest.New(t), "select now()").Location().String(); got != "UTC" {
		t.Errorf("zone is %s, want UTC", got)
	}
}

func TestErrorsAreToldApart(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, notes()).As("notes")
	twice := dbtest.Exec("insert into notes.notes values ('same'), ('same')")
	if err := database.InTx(t.Context(), twice); !db.Violates(err, "notes_text_key") || db.Violates(err, "other_key") || db.NotFound(err) {
		t.Errorf("two equal rows: %v", err)
	}
	err := database.Read(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		var text string
		return tx.QueryRow(ctx, "select text from notes.notes").Scan(&text)
	})
	if !db.NotFound(err) || db.Violates(err, "notes_text_key") {
		t.Errorf("no row: %v", err)
	}
}

func TestWrongAddressFailsAtStart(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t)
	o.URL = withDatabase(t, o.URL, "nothing_has_this_name")
	if database, err := db.Open(t.Context(), o); err == nil {
		database.Close()
		t.Error("opened a database that does not exist")
	}
}

func TestOptionsWithoutLimitsAreRefused(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*db.Options){
		"no connections":       func(o *db.Options) { o.MaxConns = 0 },
		"no statement timeout": func(o *db.Options) { o.StatementTimeout = 0 },
		"no lock timeout":      func(o *db.Options) { o.LockTimeout = 0 },
	} {
		o := dbtest.Options(t)
		spoil(&o)
		if database, err := db.Open(t.Context(), o); err == nil {
			database.Close()
			t.Errorf("%s: opened", name)
		}
	}
}
