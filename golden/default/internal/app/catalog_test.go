package app

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
)

// rule is what the migrations of all schemas must keep to.
type rule struct {
	why   string
	query string   // what in the schemas $1 breaks it
	finds []string // in the database of breakAll
}

// ours are the tables and views, but for the table in which the migrations keep their versions, whose form is not ours, and for
// partitions, which are as the table that they are of.
const ours = ` from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where n.nspname = any ($1) and c.relname <> 'schema_migrations' and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition `

func rules() []rule {
	return []rule{{
		why: "a foreign key stays in its schema: else a domain can neither be moved nor delete its rows by itself",
		query: `select c.oid::regclass || ' refers to ' || k.confrelid::regclass
			from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class r on r.oid = k.confrelid
			join pg_namespace n on n.oid = c.relnamespace
			where k.contype = 'f' and n.nspname = any ($1) and c.relnamespace <> r.relnamespace`,
		finds: []string{"a.reference refers to b.t"},
	}, {
		why: "a view stays in its schema",
		query: `select distinct v.oid::regclass || ' reads ' || c.oid::regclass
			from pg_rewrite w join pg_class v on v.oid = w.ev_class join pg_namespace n on n.oid = v.relnamespace
			join pg_depend d on d.objid = w.oid and d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass
			join pg_class c on c.oid = d.refobjid
			where n.nspname = any ($1) and c.relnamespace <> v.relnamespace`,
		finds: []string{"a.across reads b.t"},
	}, {
		why: "a view reads with the rights of who asks it, not of who made it",
		query: `select c.oid::regclass || ' is not security_invoker'` + ours + `
			and c.relkind = 'v' and not coalesce('security_invoker=true' = any (c.reloptions), false)`,
		finds: []string{"b.unsafe is not security_invoker"},
	}, {
		why:   "who migrates owns the tables: a role that owned them could drop and alter them",
		query: `select c.oid::regclass || ' is owned by ' || c.relowner::regrole` + ours + `and c.relowner <> current_user::regrole`,
		finds: []string{"a.given is owned by myapp_fuzz"},
	}, {
		why: "who migrates owns the schemas",
		query: `select nspname || ' is owned by ' || nspowner::regrole from pg_namespace
			where nspname = any ($1) and nspowner <> current_user::regrole`,
		finds: []string{"c is owned by myapp_fuzz"},
	}, {
		why:   "nothing is granted to everybody",
		query: `select c.oid::regclass || ' is open'` + ours + `and exists (select from aclexplode(c.relacl) where grantee = 0)`,
		finds: []string{"a.bare is open"},
	}, {
		why: "a function that runs as its owner looks for names among the temporary ones last, which are whoever's who calls it",
		query: `select p.oid::regproc || ' looks' from pg_proc p join pg_namespace n on n.oid = p.pronamespace
			where n.nspname = any ($1) and p.prosecdef and not coalesce('search_path=pg_catalog, pg_temp' = any (p.proconfig), false)`,
		finds: []string{"a.trusting looks"},
	}, {
		why: "a time has a zone: without one it is another moment on another machine",
		query: `select t || '.' || a.attname from pg_attribute a join (select c.oid, c.oid::regclass::text ` + ours + `) c (oid, t) on c.oid = a.attrelid
			where a.atttypid = 'timestamp'::regtype and a.attnum > 0 and not a.attisdropped`,
		finds: []string{"a.bare.at"},
	}, {
		why: "a table has a comment that says what it is",
		query: `select c.oid::regclass::text` + ours + `
			and c.relkind in ('r', 'p') and obj_description(c.oid, 'pg_class') is null`,
		finds: []string{"a.bare"},
	}, {
		why: "a table has a primary key",
		query: `select c.oid::regclass::text` + ours + `
			and c.relkind in ('r', 'p') and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p')`,
		finds: []string{"a.bare"},
	}}
}

// ofTenants are the tables whose rows are each one tenant's.
const ofTenants = ours + `and c.relkind in ('r', 'p') and obj_description(c.oid, 'pg_class') like 'scope=tenant %' `

// tenantRules are what those tables keep to.
func tenantRules() []rule {
	return []rule{{
		why:   "a tenant's rows are closed to all others, the owner of the table included",
		query: `select c.oid::regclass || ' is not forced'` + ofTenants + `and not (c.relrowsecurity and c.relforcerowsecurity)`,
		finds: []string{"a.leaky is not forced"},
	}, {
		why: "a policy compares the tenant as a uuid, and takes the empty setting for none: a cast of the column defeats its index",
		query: `select c.oid::regclass || ' lacks a policy'` + ofTenants + `and (select count(*) from pg_policy p where p.polrelid = c.oid
			and (p.polname, pg_get_expr(p.polqual, p.polrelid)) in (('across_tenants', 'true'), ('tenant',
			'(tenant_id = (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid)'))) <> 2`,
		finds: []string{"a.leaky lacks a policy"},
	}, {
		why: "a policy looks into no table: beside it no query of one tenant finds its rows by an index",
		query: `select c.oid::regclass || ' ' || p.polname` + strings.Replace(ofTenants, "where", "join pg_policy p on p.polrelid = c.oid where", 1) + `
			and pg_get_expr(p.polqual, p.polrelid) ~ '\mSELECT\M'`,
		finds: []string{"a.leaky looks"},
	}, {
		why: "what is unique is unique in its tenant: else a refusal tells one tenant what another has",
		query: `select i.indexrelid::regclass::text` + strings.Replace(ofTenants, "where", "join pg_index i on i.indrelid = c.oid where", 1) + `
			and i.indisunique and not exists (select from pg_attribute a
			where a.attrelid = c.oid and a.attnum = any (i.indkey) and a.attname = 'tenant_id')`,
		finds: []string{"a.leaky_pkey"},
	}, {
		why: "a foreign key carries the tenant: Postgres checks it for all of them",
		query: `select k.conname::text` + strings.Replace(ofTenants, "where", "join pg_constraint k on k.conrelid = c.oid where", 1) + `
			and k.contype = 'f' and obj_description(k.confrelid, 'pg_class') like 'scope=tenant %' and not exists (select from pg_attribute a
			where a.attrelid = c.oid and a.attnum = any (k.conkey) and a.attname = 'tenant_id')`,
		finds: []string{"leaky_other_fkey"},
	}, {
		why: "nobody but the owner may empty a table at once: that asks no policy",
		query: `select c.oid::regclass::text` + ours + `and exists (select from aclexplode(c.relacl) a
			where a.privilege_type = 'TRUNCATE' and a.grantee <> c.relowner)`,
		finds: []string{"a.leaky"},
	}}
}

// breakAll breaks each rule once.
const breakAll = `
	create schema a;
	create schema b;
	create schema c authorization myapp_fuzz;
	create table b.t (id int primary key);
	create table a.reference (id int primary key references b.t);
	create table a.given (id int primary key);
	create table a.bare (at timestamp, good timestamptz);
	create view a.across with (security_invoker = true) as select * from b.t;
	create view b.unsafe as select * from b.t;
	create view b.safe with (security_invoker = true) as select * from b.t;
	create function a.trusting() returns text language sql security definer set search_path = pg_catalog return 'x'::text;
	create function a.careful() returns text language sql security definer set search_path = pg_catalog, pg_temp return 'x'::text;
	grant select on a.bare to public;
	comment on table b.t is 'x';
	comment on table a.reference is 'x';
	comment on table a.given is 'x';
	create table a.leaky (tenant_id uuid, id int primary key, other int references a.leaky);
	comment on table a.leaky is 'scope=tenant pii=no retention=forever; x';
	alter table a.leaky enable row level security;
	create policy tenant on a.leaky using (tenant_id::text = current_setting('app.tenant_id', true));
	create policy looks on a.leaky for select using (exists (select from b.t where t.id = leaky.other));
	grant truncate on a.leaky to myapp_fuzz;
	grant create on schema a to myapp_fuzz;
	alter table a.given owner to myapp_fuzz;`

// find returns what breaks the rule.
func (r rule) find(t *testing.T, database *db.DB, schemas []string) []string {
	t.Helper()
	return dbtest.Value[[]string](t, database, "select coalesce(array_agg(x order by x), '{}') from ("+r.query+") q (x)", schemas)
}

func TestMigrationsKeepToTheRules(t *testing.T) {
	t.Parallel()
	var names []string
	for _, s := range schemas() {
		names = append(names, s.Name)
	}
	database := dbtest.New(t, schemas()...)
	for _, r := range slices.Concat(rules(), tenantRules()) {
		if diff := cmp.Diff([]string{}, r.find(t, database, names)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", r.why, diff)
		}
	}
}

func TestRulesFindWhatBreaksThem(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, fuzzSchema())
	if err := database.InTx(t.Context(), dbtest.Exec(breakAll)); err != nil {
		t.Fatal(err)
	}
	for _, r := range slices.Concat(rules(), tenantRules()) {
		if diff := cmp.Diff(r.finds, r.find(t, database, []string{"a", "b", "c"})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", r.why, diff)
		}
	}
}
