package app

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/crypto/cryptotest"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/privacy"
)

// personalNames are those that columns with personal data have.
var personalNames = regexp.MustCompile(`(^|_)(e?mail|name|phone|mobile|address|street|city|zip|ip|birth|birthday|gender|iban|user_agent)($|_)`)

func TestEveryTableSaysWhatItHoldsOfPeople(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, schemas()...)
	tables, err := privacy.New(database, cryptotest.New(t, database), schemas()).Map(t.Context())
	if err != nil {
		t.Error(err)
	}
	for _, table := range tables {
		says := func(column string) string {
			return dbtest.Value[string](t, database, `select coalesce(col_description($1::text::regclass, attnum), '') from pg_attribute
				where attrelid = $1::text::regclass and attname = $2`, table.Schema+"."+table.Name, column)
		}
		for _, c := range table.Columns {
			if personalNames.MatchString(c.Name) && !strings.Contains(says(c.Name), "pii=") {
				t.Errorf("%s.%s.%s has a name of personal data: say in a comment which, or pii=no", table.Schema, table.Name, c.Name)
			}
			if c.Class != "" && !table.PII {
				t.Errorf("%s.%s says pii=no, and its column %s has %s", table.Schema, table.Name, c.Name, c.Class)
			}
			if (c.Erase == "null" || c.Erase == "delete") && len(table.Subjects()) == 0 {
				t.Errorf("%s.%s.%s is to be erased, and no column says subject=user", table.Schema, table.Name, c.Name)
			}
		}
		if table.Scope == "tenant" && !slices.ContainsFunc(table.Columns, func(c privacy.Column) bool { return c.Name == "tenant_id" }) {
			t.Errorf("%s.%s says scope=tenant and has no tenant_id", table.Schema, table.Name)
		}
	}
}

// A right that is missing is found here, and not when the first person asks.
func TestEveryTableCanBeExportedAndErased(t *testing.T) {
	t.Parallel()
	options := dbtest.Options(t, schemas()...)
	environ := append(available(t), "DATABASE_URL="+options.URL.Reveal())
	person := id.New().String()
	for _, words := range []string{"export " + person, "erase " + person, "map"} {
		args := append([]string{"admin", "privacy"}, strings.Fields(words)...)
		if code, _, stderr := execute(t, environ, args...); code != 0 {
			t.Errorf("%s ends with %d: %s", words, code, stderr)
		}
	}
}

func TestAnErasedUserIsNowhereInTheDatabase(t *testing.T) {
	t.Parallel()
	s := tellStory(t)
	s.stop()
	before := fmt.Sprint(s.dump())
	_, exported, _ := execute(t, s.environ, "admin", "privacy", "export", s.ann.id)
	if code, _, stderr := execute(t, s.environ, "admin", "privacy", "erase", s.ann.id); code != 0 {
		t.Fatalf("erase ends with %d: %s", code, stderr)
	}
	var by string
	const eraser = `select request_id from audit.entries where action = 'privacy.person_erased' and subject = $1`
	if err := s.conn.QueryRow(t.Context(), eraser, s.ann.id).Scan(&by); err != nil || !regexp.MustCompile(`^admin:.+@.+$`).MatchString(by) {
		t.Errorf("by the audit log the person was erased by %q, error %v", by, err)
	}
	if code, stdout, stderr := execute(t, s.environ, "admin", "audit", "verify"); code != 0 {
		t.Errorf("verify ends with %d, prints %q and %q", code, stdout, stderr)
	}
	after := s.wholeDump()
	for _, value := range s.ann.personal() {
		if !holdsText(before, value) || !holdsText(exported, value) {
			t.Errorf("%s was never stored, or not exported: this test sees nothing", value)
		}
		for line := range strings.Lines(after) {
			if holdsText(line, value) {
				t.Errorf("%s is still there: %s", value, line)
			}
		}
	}
	for _, value := range s.ben.personal() {
		if !holdsText(after, value) || holdsText(exported, value) {
			t.Errorf("%s is gone, or exported, and is another's", value)
		}
	}
}

// wholeDump is the database as pg_dump writes it, or every row where there is no pg_dump. It is the last that is asked of it.
func (s *userStory) wholeDump() string {
	s.t.Helper()
	rows := fmt.Sprint(s.dump())
	text, whyNot := dbtest.Dump(s.t, databaseOptions(s.cfg))
	if whyNot != "" {
		s.t.Logf("not tried: pg_dump, so every row was read: %s", whyNot)
	}
	return text + rows
}

func TestNobodyIsErasedWithoutWhomAWorkspaceHasNoOwner(t *testing.T) {
	t.Parallel()
	options := dbtest.Options(t, schemas()...)
	database, err := db.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	environ := append(available(t), "DATABASE_URL="+options.URL.Reveal())
	user, shared, alone := id.New(), id.New(), id.New()
	in := func(tenant id.UUID, query string, args ...any) {
		t.Helper()
		err := database.InTx(authz.With(t.Context(), authz.System(tenant)), func(ctx context.Context, tx pgx.Tx) error {
			_, err := tx.Exec(ctx, query, args...)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, tenant := range []id.UUID{shared, alone} {
		in(tenant, `insert into workspaces.workspaces (name) values ('w')`)
		in(tenant, `insert into workspaces.roles (name) values ('owner'), ('admin')`)
		in(tenant, `insert into workspaces.members (user_id, role) values ($1, 'owner')`, user)
	}
	in(shared, `insert into workspaces.members (user_id, role) values ($1, 'admin')`, id.New())

	code, _, stderr := execute(t, environ, "admin", "privacy", "erase", user.String())
	if want := "or delete it:\n    ws_"; code != 1 || strings.Count(stderr, want) != 1 || strings.Count(stderr, "ws_") != 1 {
		t.Errorf("erase ends with %d and %q, want %q and one workspace", code, stderr, want)
	}
	in(shared, `update workspaces.members set role = 'owner'`)
	if code, _, stderr := execute(t, environ, "admin", "privacy", "erase", user.String()); code != 0 {
		t.Errorf("erase ends with %d: %s", code, stderr)
	}
	const entries = `select array_agg(tenant_id::text || ' ' || action order by action) from audit.entries where tenant_id <> '00000000-0000-0000-0000-000000000000'`
	want := []string{shared.String() + " workspaces.member_left", alone.String() + " workspaces.workspace_deleted"}
	if diff := cmp.Diff(want, dbtest.Value[[]string](t, db.AcrossTenants(database, "look at the audit log"), entries)); diff != "" {
		t.Errorf("the audit log of the workspaces (-want +got):\n%s", diff)
	}
	const members = `select array_agg(user_id = $1) from workspaces.members`
	left := dbtest.Value[[]bool](t, db.AcrossTenants(database, "look at all members"), members, user)
	if diff := cmp.Diff([]bool{false}, left); diff != "" {
		t.Errorf("members, and whether they are the erased one (-want +got):\n%s", diff)
	}
}
