package db_test

import (
	"context"
	"crypto/rand"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/secret"
)

// withDatabase returns the address of another database of the same server.
func withDatabase(t *testing.T, address secret.String, database string) secret.String {
	t.Helper()
	u, err := url.Parse(address.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + database
	return secret.New(u.String())
}

// login makes a login for the time of the test, and returns its name.
func login(t *testing.T, admin db.Options, attributes string) string {
	t.Helper()
	name := "login_" + strings.ToLower(rand.Text())
	if err := open(t, admin).InTx(t.Context(), dbtest.Exec("create role "+name+" login password 'secret' "+attributes)); err != nil {
		t.Fatal(err)
	}
	dropRole(t, admin, name)
	return name
}

// dropRole drops a role when the test has ended, after the databases that the test makes from here on.
func dropRole(t *testing.T, admin db.Options, name string) {
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		database, err := db.Open(ctx, admin)
		if err != nil {
			t.Error(err)
			return
		}
		defer database.Close()
		if err := database.InTx(ctx, dbtest.Exec("drop role "+name)); err != nil {
			t.Error(err)
		}
	})
}

// withLogin returns the address with a login that login made.
func withLogin(t *testing.T, address secret.String, name string) secret.String {
	t.Helper()
	u, err := url.Parse(address.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(name, "secret")
	return secret.New(u.String())
}

// two is a schema with two migrations.
func two() db.Schema {
	return schema("two",
		"0001_first.sql", "create table two.first (x int); grant select on two.first to myapp_two",
		"0002_second.sql", "create table two.second ()",
	)
}

func TestMigrateAppliesWhatIsMissing(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t)
	for _, want := range [][]string{
		{"notes/0001_notes.sql", "two/0001_first.sql", "two/0002_second.sql"},
		nil,
	} {
		got, err := db.Migrate(t.Context(), o, notes(), two())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("applied (-want +got):\n%s", diff)
		}
	}
}

func TestTenMigrateAtOnceAndEachVersionIsAppliedOnce(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t)
	var all [10][]string
	group, ctx := errgroup.WithContext(t.Context())
	for i := range all {
		group.Go(func() (err error) {
			all[i], err = db.Migrate(ctx, o, notes(), two())
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	want := []string{"notes/0001_notes.sql", "two/0001_first.sql", "two/0002_second.sql"}
	if diff := cmp.Diff(want, slices.Concat(all[:]...)); diff != "" {
		t.Errorf("applied by all of them (-want +got):\n%s", diff)
	}
}

func TestDatabasesOfOneServerAreMigratedAtOnce(t *testing.T) {
	t.Parallel()
	// A schema that is new to the server, whose role all of them try to make.
	name := "s" + strings.ToLower(rand.Text())
	fresh := schema(name, "0001_t.sql", "create table "+name+".t ()")
	dropRole(t, dbtest.Options(t), "myapp_"+name)
	t.Run("databases", func(t *testing.T) {
		group, ctx := errgroup.WithContext(t.Context())
		for range 5 {
			o := dbtest.Options(t)
			group.Go(func() error {
				_, err := db.Migrate(ctx, o, fresh)
				return err
			})
		}
		if err := group.Wait(); err != nil {
			t.Error(err)
		}
	})
}

func TestFailingMigrationIsNamedAndThoseBeforeItStay(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t)
	broken := schema("broken",
		"0001_good.sql", "create table broken.good ()",
		"0002_bad.sql", "create table broken.half (); select * from nowhere",
	)
	applied, err := db.Migrate(t.Context(), o, notes(), broken, two())
	if diff := cmp.Diff([]string{"notes/0001_notes.sql", "broken/0001_good.sql"}, applied); diff != "" {
		t.Errorf("applied (-want +got):\n%s", diff)
	}
	if err == nil || !strings.HasPrefix(err.Error(), "migrate schema broken: 0002_bad.sql: ") || code(err) != "42P01" {
		t.Errorf("error is %v", err)
	}
	const tables = `select string_agg(relname, ' ' order by relname) from pg_class
		where relnamespace in ('broken'::regnamespace, 'two'::regnamespace) and relkind = 'r' and relname <> 'schema_migrations'`
	if got := dbtest.Value[string](t, open(t, o), tables); got != "good" {
		t.Errorf("tables are %q, want good", got)
	}
}

func TestMigrationThatComesLateIsApplied(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t)
	second := schema("two", "0002_second.sql", "create table two.second ()")
	if _, err := db.Migrate(t.Context(), o, second); err != nil {
		t.Fatal(err)
	}
	applied, err := db.Migrate(t.Context(), o, two())
	if diff := cmp.Diff([]string{"two/0001_first.sql"}, applied); err != nil || diff != "" {
		t.Errorf("error %v, applied (-want +got):\n%s", err, diff)
	}
}

func TestLoginThatIsNoSuperuserMigratesForAnother(t *testing.T) {
	t.Parallel()
	admin := dbtest.Options(t, notes())
	migrator, app := login(t, admin, "createrole"), login(t, admin, "noinherit")
	other := admin
	other.URL = withLogin(t, admin.URL, migrator)
	name := "s" + strings.ToLower(rand.Text())
	dropRole(t, other, "myapp_"+name)

	o := dbtest.Options(t)
	o.URL, o.MigrateURL = withLogin(t, o.URL, app), withLogin(t, o.URL, migrator)
	config, err := pgx.ParseConfig(o.URL.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	administer := func(statements string) {
		t.Helper()
		if err := open(t, admin).InTx(t.Context(), dbtest.Exec(statements)); err != nil {
			t.Fatal(err)
		}
	}
	administer("grant create on database " + config.Database + " to " + migrator)
	fresh := schema(name, "0001_t.sql", "create table "+name+".t (); grant select on "+name+".t to myapp_"+name)
	// From Postgres 16 on, an administrator does once what the error says: the right to grant a role is that of the login that made it.
	for _, role := range []string{"myapp_across_tenants", "myapp_domain"} {
		grant := "grant " + role + " to \"" + migrator + "\" with admin option"
		_, err := db.Migrate(t.Context(), o, fresh)
		if err != nil && !strings.Contains(err.Error(), grant) {
			t.Fatalf("the error does not say %q: %v", grant, err)
		}
		administer(grant)
	}
	for range 2 { // the second time, all is granted already
		if _, err := db.Migrate(t.Context(), o, fresh); err != nil {
			t.Fatal(err)
		}
	}
	database := open(t, o)
	if err := database.As(name).Read(t.Context(), dbtest.Exec("select * from "+name+".t")); err != nil {
		t.Errorf("as the role: %v", err)
	}
	if err := database.Read(t.Context(), dbtest.Exec("select * from "+name+".t")); code(err) != "42501" {
		t.Errorf("without the role: %v, want permission denied", err)
	}
}

func TestMigrateDoesNotGoThroughAPooler(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t)
	o.Pooler = true
	if _, err := db.Migrate(t.Context(), o, notes()); err == nil {
		t.Error("migrated through a pooler")
	}
	o.MigrateURL = o.URL
	if _, err := db.Migrate(t.Context(), o, notes()); err != nil {
		t.Errorf("with a direct address: %v", err)
	}
}
