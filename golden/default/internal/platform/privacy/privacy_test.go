package privacy_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/crypto"
	"example.com/myapp/internal/platform/crypto/cryptotest"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/privacy"
)

// club is a schema with people in it: one table of all, one of each tenant, and one whose rows go.
func club() db.Schema {
	return db.Schema{Name: "club", Files: fstest.MapFS{"0001_club.sql": &fstest.MapFile{Data: []byte(`-- +goose Up
create table club.people (id uuid primary key, email text unique, name text not null, notes jsonb not null, sealed bytea);
comment on table club.people is 'scope=user pii=yes retention=forever; People.';
comment on column club.people.id is 'subject=user export=yes; Who.';
comment on column club.people.email is 'pii=email erase=null export=yes; Where mail goes.';
comment on column club.people.name is 'pii=name erase=null export=yes; What others see.';
comment on column club.people.notes is 'pii=text erase=null export=no; What we think.';
comment on column club.people.sealed is 'pii=phone erase=keep export=no; Sealed.';

create table club.posts (tenant_id uuid not null, id uuid not null, author uuid, text text not null, primary key (tenant_id, id));
comment on table club.posts is 'scope=tenant pii=yes retention=forever; Posts.';
comment on column club.posts.author is 'subject=user; Who wrote it.';
comment on column club.posts.text is 'pii=text erase=null export=yes; What it says.';
alter table club.posts enable row level security;
alter table club.posts force row level security;
create policy tenant on club.posts using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy across_tenants on club.posts to myapp_across_tenants using (true);

create table club.visits (id uuid primary key, visitor uuid not null, ip text not null);
comment on table club.visits is 'scope=user pii=yes retention=30d; Visits.';
comment on column club.visits.visitor is 'subject=user; Who came.';
comment on column club.visits.ip is 'pii=ip erase=delete export=yes; From where.';

create table club.waiting (id uuid primary key, email text not null);
comment on table club.waiting is 'scope=global pii=yes retention=30d; Who was asked to come.';
comment on column club.waiting.email is 'pii=email subject=email erase=delete export=yes; Whom we asked.';

create table club.notes (id uuid primary key, text text);
comment on table club.notes is 'scope=platform pii=yes retention=30d; What was said of whomever.';
comment on column club.notes.text is 'pii=text erase=all export=no; What.';

grant select, update, delete on club.people, club.posts, club.visits, club.waiting, club.notes to myapp_across_tenants;
`)}}}
}

type fixture struct {
	*privacy.Service

	database *db.DB
	keys     *crypto.Keys
	ann, ben id.UUID
	sealed   []byte
}

func place(user id.UUID) crypto.Place {
	return crypto.Place{Column: "club.people.sealed", Row: user.String()}
}

// start makes two people, each with a row of every table, one of them in two tenants.
func start(t *testing.T) *fixture {
	t.Parallel()
	database := dbtest.New(t, audit.Schema(), crypto.Schema(), club())
	f := &fixture{database: database, keys: cryptotest.New(t, database), ann: id.New(), ben: id.New()}
	f.Service = privacy.New(database, f.keys, []db.Schema{crypto.Schema(), club()})
	err := database.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		for name, user := range map[string]id.UUID{"ann": f.ann, "ben": f.ben} {
			sealed, err := f.keys.Seal(ctx, tx, crypto.Person(user), place(user), []byte("canary-phone-"+name))
			if err != nil {
				return err
			}
			if name == "ann" {
				f.sealed = sealed
			}
			batch := new(pgx.Batch)
			text := "canary-" + name
			batch.Queue("insert into club.people values ($1, $2, $3, jsonb_build_object('x', $3::text), $4)", user, text+"@example.com", text, sealed)
			batch.Queue("insert into club.visits values (gen_random_uuid(), $1, $2)", user, text)
			batch.Queue("insert into club.waiting values (gen_random_uuid(), $1)", "C"+text[1:]+"@Example.com")
			batch.Queue("insert into club.notes values (gen_random_uuid(), $1)", "about "+name)
			if err := tx.SendBatch(ctx, batch).Close(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		tenant := id.New()
		err := database.InTx(authz.With(t.Context(), authz.System(tenant)), func(ctx context.Context, tx pgx.Tx) error {
			const insert = "insert into club.posts values ($1, gen_random_uuid(), $2, 'canary-ann'), ($1, gen_random_uuid(), $3, 'canary-ben')"
			_, err := tx.Exec(ctx, insert, tenant, f.ann, f.ben)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// dump is all rows of all tables, as text.
func (f *fixture) dump(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, table := range []string{"club.people", "club.posts", "club.visits", "club.waiting", "club.notes"} {
		all.WriteString(dbtest.Value[string](t, db.AcrossTenants(f.database, "look at all rows"), "select coalesce(string_agg(r::text, e'\\n' order by r::text), '') from "+table+" r") + "\n")
	}
	return all.String()
}

func TestAnErasedPersonIsNowhereAndOthersStay(t *testing.T) {
	f := start(t)
	before := f.dump(t)
	done, err := f.Erase(t.Context(), f.ann)
	if err != nil {
		t.Fatal(err)
	}
	want := []privacy.Erased{
		{Table: "club.waiting", Rule: "delete", Rows: 1},
		{Table: "club.people", Rule: "null", Rows: 1}, {Table: "club.posts", Rule: "null", Rows: 2}, {Table: "club.visits", Rule: "delete", Rows: 1},
		{Table: "club.notes", Rule: "all", Rows: 2},
	}
	if diff := cmp.Diff(want, done); diff != "" {
		t.Error(diff)
	}
	after := f.dump(t)
	if strings.Contains(strings.ToLower(after), "canary-ann") || strings.Contains(after, "about") {
		t.Errorf("ann is still there:\n%s", after)
	}
	if a, b := strings.Count(before, "canary-ben"), strings.Count(after, "canary-ben"); a != b || a == 0 {
		t.Errorf("ben is there %d times, and was %d times", b, a)
	}
	err = f.database.Read(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		_, err := f.keys.Open(ctx, tx, place(f.ann), f.sealed)
		return err
	})
	if !errors.Is(err, crypto.ErrShredded) {
		t.Errorf("what was sealed: %v", err)
	}
	again, err := f.Erase(t.Context(), f.ann)
	for _, e := range again {
		if e.Rows != 0 {
			t.Errorf("erased again: %+v", e)
		}
	}
	if err != nil || f.dump(t) != after {
		t.Errorf("to erase again is not the same: %v", err)
	}
}

func TestWhatIsOfNobodyKnownIsEmptiedFewRowsAtATime(t *testing.T) {
	f := start(t)
	err := f.database.InTx(t.Context(), dbtest.Exec(`
		create schema seen;
		create table seen.updates (rows int, tx xid8 default pg_current_xact_id());
		create function club.note() returns trigger language plpgsql security definer as $$
			begin insert into seen.updates select count(*) from changed; return null; end $$;
		create trigger note after update on club.notes referencing new table as changed for each statement execute function club.note();
		insert into club.notes select gen_random_uuid(), 'about many' from generate_series(1, 5000);`))
	if err != nil {
		t.Fatal(err)
	}
	done, err := f.Erase(t.Context(), f.ann)
	if err != nil || done[len(done)-1].Rows != 5002 {
		t.Errorf("%+v, %v", done, err)
	}
	if left := dbtest.Value[int](t, f.database, `select count(*) from club.notes where text is not null`); left != 0 {
		t.Errorf("%d rows are left", left)
	}
	got := dbtest.Value[[]int](t, f.database, `select array[count(distinct tx), max(rows), sum(rows)] from seen.updates`)
	if diff := cmp.Diff([]int{3, 2000, 5002}, got); diff != "" {
		t.Errorf("transactions, most rows in one, rows in all (-want +got):\n%s", diff)
	}
}

func TestAnExportHoldsTheRowsOfThePersonAndNoOthers(t *testing.T) {
	f := start(t)
	var out strings.Builder
	if err := f.Export(t.Context(), f.ann, &out); err != nil {
		t.Fatal(err)
	}
	person := fmt.Sprintf(`{"table":"club.people","row":{"id" : "%s", "email" : "canary-ann@example.com", "name" : "canary-ann"}}`, f.ann)
	guest := `{"table":"club.waiting","row":{"email" : "Canary-ann@Example.com"}}`
	post, visit := `{"table":"club.posts","row":{"text" : "canary-ann"}}`, `{"table":"club.visits","row":{"ip" : "canary-ann"}}`
	if diff := cmp.Diff([]string{person, post, post, visit, guest, ""}, strings.Split(out.String(), "\n")); diff != "" {
		t.Error(diff)
	}
}

func TestAnErasureThatFailsDoesNothingAndOneThatIsDoneIsRecorded(t *testing.T) {
	f := start(t)
	before, opened := f.dump(t), func() error {
		return f.database.Read(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
			_, err := f.keys.Open(ctx, tx, place(f.ann), f.sealed)
			return err
		})
	}
	unready := errors.New("not yet")
	f.Before = append(f.Before, func(context.Context, id.UUID) error { return unready })
	if _, err := f.Erase(t.Context(), f.ann); !errors.Is(err, unready) {
		t.Errorf("got %v, want what was asked before", err)
	}
	f.Before = nil
	if err := f.database.InTx(t.Context(), dbtest.Exec("revoke delete on club.visits from myapp_across_tenants")); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Erase(t.Context(), f.ann); err == nil || !strings.Contains(err.Error(), "erase from club.visits") {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff(before, f.dump(t)); diff != "" || opened() != nil {
		t.Errorf("what failed has done something; what was sealed: %v\n%s", opened(), diff)
	}
	if err := f.database.InTx(t.Context(), dbtest.Exec("grant delete on club.visits to myapp_across_tenants")); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Erase(authz.With(t.Context(), authz.System(id.UUID{})), f.ann); err != nil || strings.Contains(f.dump(t), "canary-ann") {
		t.Errorf("%v\n%s", err, f.dump(t))
	}
	const entries = "select string_agg(concat_ws(' ', action, outcome, subject, details, personal), ', ') from audit.entries"
	got := dbtest.Value[string](t, db.AcrossTenants(f.database, "look at the audit log"), entries)
	if user, err := privacy.ParsePerson(strings.Fields(got)[2]); err != nil || user != f.ann || !strings.HasPrefix(got, "privacy.person_erased done ") || strings.Contains(got, ",") {
		t.Errorf("the audit log says %q, and %v", got, err)
	}
}
