package dbtest

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
)

// unforce lets the owner of the tables see the rows of all tenants, as pg_dump demands.
const unforce = `
	do $$
	declare
		t regclass;
	begin
		for t in select oid from pg_class where relforcerowsecurity loop
			execute format('alter table %s no force row level security', t);
		end loop;
	end $$`

// Dump returns what pg_dump writes of the database, and why not where there is no pg_dump as new as the server. It is the one
// beside the server that the tests have started, else the one on PATH. Afterwards the database protects no tenant.
func Dump(t testing.TB, o db.Options) (text, whyNot string) {
	t.Helper()
	s, err := start()
	if err != nil {
		t.Fatal(err)
	}
	program := "pg_dump"
	if s.own != nil {
		program = filepath.Join(filepath.Dir(s.own.Name), program)
	}
	if program, err = exec.LookPath(program); err != nil {
		return "", err.Error()
	}
	conn, err := pgx.Connect(t.Context(), o.URL.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), unforce); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), program, "--dbname="+o.URL.Reveal()).Output()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok && strings.Contains(string(failed.Stderr), "server version mismatch") {
		return "", string(failed.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(out), ""
}
