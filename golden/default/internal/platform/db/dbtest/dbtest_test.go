package dbtest

import (
	"context"
	"fmt"
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"example.com/myapp/internal/platform/db"
)

// notes is a schema with one table.
func notes() db.Schema {
	return db.Schema{Name: "notes", Files: files("create table notes.notes (text text);")}
}

func files(sql string) fs.FS {
	return fstest.MapFS{"0001_notes.sql": &fstest.MapFile{Data: []byte("-- +goose Up\n" + sql)}}
}

// exists says whether the server has a database of this name.
func exists(t *testing.T, database *db.DB, name string) bool {
	t.Helper()
	return Value[bool](t, database, "select exists (select from pg_database where datname = $1)", name)
}

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	one, two := New(t, notes()), New(t, notes())
	if err := one.InTx(t.Context(), Exec("insert into notes.notes values ('mine')")); err != nil {
		t.Fatal(err)
	}
	got := []int{Value[int](t, one, "select count(*) from notes.notes"), Value[int](t, two, "select count(*) from notes.notes")}
	if diff := cmp.Diff([]int{1, 0}, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestATableIsCalledTheSameWhateverTheLogin(t *testing.T) {
	t.Parallel()
	database := New(t)
	const plant = `do $$ begin execute format('create schema %1$I; create table %1$I.t ()', session_user); end $$`
	if err := database.InTx(t.Context(), Exec(plant)); err != nil {
		t.Fatal(err)
	}
	login := Value[string](t, database, "select quote_ident(session_user)")
	if got := Value[string](t, database, "select (quote_ident(session_user) || '.t')::regclass::text"); got != login+".t" {
		t.Errorf("the table %s.t is called %s", login, got)
	}
}

func TestDatabaseIsDroppedWhenItsTestEnds(t *testing.T) {
	t.Parallel()
	other := New(t)
	var name string
	t.Run("test", func(t *testing.T) {
		name = Value[string](t, New(t, notes()), "select current_database()")
		if !exists(t, other, name) {
			t.Errorf("%s is not there while its test runs", name)
		}
	})
	if exists(t, other, name) {
		t.Errorf("%s is left", name)
	}
}

func TestTemplateIsMadeOnceForAllProcesses(t *testing.T) {
	t.Parallel()
	own, err := start()
	if err != nil {
		t.Fatal(err)
	}
	schema := db.Schema{Name: "notes", Files: files(fmt.Sprintf("create table notes.notes (); -- %s", newName("unique")))}
	var names [4]string
	group, ctx := errgroup.WithContext(t.Context())
	for i := range names {
		process := &server{admin: own.admin, templates: map[string]string{}}
		group.Go(func() (err error) {
			names[i], err = process.template(ctx, []db.Schema{schema})
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if name != names[0] {
			t.Errorf("templates are %v, want one", names)
		}
	}
}

func TestWhatCrashedRunsLeftIsDropped(t *testing.T) {
	t.Parallel()
	own, err := start()
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	old, hour := time.Now().Add(-2*stale).Unix(), time.Now().Add(-stale/2).Unix()
	name := func(purpose string, at int64) string {
		return fmt.Sprintf("%s_%s_%d_%s", prefix, purpose, at, newName("x")[:24])
	}
	oldTest, youngTest, oldTemplate := name("test", old), name("test", hour), name("template", old)
	// What is old may be dropped by any other process from the moment on in which it is called so.
	youngTemplate := newName("template")
	err = own.exec(ctx, "create database "+oldTest+" template template0", "create database "+youngTest+" template template0",
		"create database "+youngTemplate+" template template0", "alter database "+youngTemplate+" is_template true",
		"alter database "+youngTemplate+" rename to "+oldTemplate)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := own.exec(context.WithoutCancel(ctx), "drop database "+youngTest); err != nil {
			t.Error(err)
		}
	}()
	// A run that starts sweeps.
	process := &server{admin: own.admin, templates: map[string]string{}}
	if _, err := process.template(ctx, []db.Schema{notes()}); err != nil {
		t.Fatal(err)
	}
	look := New(t)
	for name, want := range map[string]bool{oldTest: false, oldTemplate: false, youngTest: true} {
		if got := exists(t, look, name); got != want {
			t.Errorf("%s is there: %v, want %v", name, got, want)
		}
	}
}

func TestTemplateThatWasNotFinishedIsNotTaken(t *testing.T) {
	t.Parallel()
	own, err := start()
	if err != nil {
		t.Fatal(err)
	}
	schemas := []db.Schema{{Name: "notes", Files: files("create table notes.notes (); -- " + newName("unique"))}}
	hash, err := fingerprint(schemas)
	if err != nil {
		t.Fatal(err)
	}
	half := fmt.Sprintf("%s_template_%d_%s", prefix, time.Now().Unix()-1, hash)
	if err := own.exec(t.Context(), "create database "+half+" template template0"); err != nil {
		t.Fatal(err)
	}
	defer own.exec(context.WithoutCancel(t.Context()), "drop database "+half)
	got, err := own.template(t.Context(), schemas)
	if err != nil || got == half {
		t.Errorf("took %s, error %v", got, err)
	}
}

func TestFingerprintTellsMigrationsApart(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for i, schemas := range [][]db.Schema{
		{notes()},
		{{Name: "other", Files: notes().Files}},
		{{Name: "notes", Files: files("create table notes.other ();")}},
		{{Name: "notes", Files: fstest.MapFS{"0002_notes.sql": &fstest.MapFile{Data: []byte("-- +goose Up\ncreate table notes.notes (text text);")}}}},
		{notes(), {Name: "other", Files: notes().Files}},
		{{Name: "other", Files: notes().Files}, notes()},
	} {
		hash, err := fingerprint(schemas)
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[hash]; ok {
			t.Errorf("case %d has the fingerprint of case %d", i, other)
		}
		seen[hash] = i
	}
}
