package devenv

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// query returns the text that a query for one value gives, on a connection of its own.
func query(ctx context.Context, url, query string) (text string, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	err = conn.QueryRow(ctx, query).Scan(&text)
	return text, err
}

func TestTemporaryPostgresLeavesNothing(t *testing.T) {
	t.Parallel()
	server, err := Postgres(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	rights, err := query(t.Context(), server.URL, `select concat_ws(' ', rolname, rolsuper, rolcreatedb, rolcreaterole,
		has_database_privilege(current_database(), 'create')) from pg_roles where rolname = current_user`)
	if diff := cmp.Diff(app+" f t t t", rights); err != nil || diff != "" {
		t.Errorf("login (-want +got), error %v:\n%s", err, diff)
	}
	for range 2 {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	}
	if _, err := query(t.Context(), server.URL, "select 1::text"); err == nil || isFile(server.Dir) {
		t.Errorf("it answers (%v), or %s is left", err, server.Dir)
	}
}

func TestKeptPostgresHasItsDataTheNextTime(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(kept(t), "not", "yet", "there")
	for _, statement := range []string{"create table t as select 'kept' as text", "select 1"} {
		server, err := Postgres(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		conn, err := pgx.Connect(t.Context(), server.URL)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), "create schema if not exists s; set search_path = s;"+statement); err != nil {
			t.Error(err)
		}
		conn.Close(t.Context())
		if got, err := query(t.Context(), server.URL, "select text from s.t"); got != "kept" {
			t.Errorf("got %q, error %v", got, err)
		}
		if second, err := Postgres(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "in use") {
			second.Stop()
			t.Errorf("a second server on %s: %v", dir, err)
		}
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	}
}

func TestPostgresThatCannotReadItsDataSaysWhy(t *testing.T) {
	t.Parallel()
	dir := kept(t)
	data := filepath.Join(dir, "data")
	if err := errors.Join(os.Mkdir(data, 0o755), os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte("9.0\n"), 0o644)); err != nil {
		t.Fatal(err)
	}
	server, err := Postgres(t.Context(), dir)
	if err == nil {
		server.Stop()
		t.Fatal("started")
	}
	if !errors.Is(err, errEnded) || !strings.Contains(err.Error(), "postgresql.conf") {
		t.Errorf("error does not tell what the log says: %v", err)
	}
}

func TestPostgresOfAnotherFolderIsNotTakenForOurs(t *testing.T) {
	t.Parallel()
	server, err := Postgres(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	admin := strings.Replace(server.URL, app+"@", "postgres@", 1)
	if err := makeLogin(t.Context(), admin, "/somewhere/else"); err == nil || !strings.Contains(err.Error(), server.Dir) {
		t.Errorf("got %v, want that it is the Postgres of %s", err, server.Dir)
	}
}

func TestMissingPostgresIsOneLineThatSaysWhatToInstall(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := findPostgres(nil, func() (string, error) { return "", errors.New("no network") })
	want := "no Postgres found; install it (apt install postgresql, brew install postgresql@17) or set DATABASE_URL, " +
		"for tests TEST_DATABASE_URL: no network"
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
}

func TestPostgresIsEmbeddedIfNoneIsInstalled(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	got, err := findPostgres(nil, func() (string, error) { return "/cache/bin/initdb", nil })
	if got != "/cache/bin/initdb" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}
