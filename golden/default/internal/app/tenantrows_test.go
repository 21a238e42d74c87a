package app

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
)

// columnFillers give a column whose check does not take just any value one that it takes: by schema.table and column. N is random,
// and what has to be unique has to differ with it.
var columnFillers = map[string]map[string]func(n int) any{
	"fuzz.shelves": {"state": func(n int) any { return []string{"open", "full"}[n%2] }},
}

const fuzzTables = `-- +goose Up
create table fuzz.shelves (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
    id uuid not null, slug text not null, state text not null check (state in ('open', 'full')), opened date, note jsonb,
    primary key (tenant_id, id)
);
create unique index on fuzz.shelves (tenant_id, lower(slug));
create table fuzz.books (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
    id uuid not null default gen_random_uuid(), shelf_id uuid not null, pages int not null, words text[], at timestamptz not null default now(),
    primary key (tenant_id, id), foreign key (tenant_id, shelf_id) references fuzz.shelves (tenant_id, id) on delete cascade
);
comment on table fuzz.shelves is 'scope=tenant pii=no retention=forever; x';
comment on table fuzz.books is 'scope=tenant pii=no retention=forever; x';
alter table fuzz.shelves enable row level security, force row level security;
alter table fuzz.books enable row level security, force row level security;
create policy tenant on fuzz.shelves using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy tenant on fuzz.books using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on fuzz.shelves, fuzz.books to myapp_fuzz;
`

// toOwner gives the tables to the role of the schema, and takes away what holds for owners too.
const toOwner = `
	grant create on schema fuzz to myapp_fuzz;
	alter table fuzz.shelves no force row level security, owner to myapp_fuzz;
	alter table fuzz.books no force row level security, owner to myapp_fuzz;
	set local role myapp_fuzz;
	grant all on fuzz.shelves, fuzz.books to session_user`

// fuzzSchema has two tables of tenants, so that there is always something to attack.
func fuzzSchema() db.Schema {
	return db.Schema{Name: "fuzz", Files: fstest.MapFS{"0001_fuzz.sql": &fstest.MapFile{Data: []byte(fuzzTables)}}}
}

// fuzzedSchemas are the schemas whose tables are attacked: all.
func fuzzedSchemas() []db.Schema { return append(schemas(), fuzzSchema()) }

// table is one of tenants, as the catalogue has it.
type table struct {
	Schema     string
	Name       string // with its schema, as SQL has it
	Columns    []column
	Key        []string
	References []foreignKey
	Uniques    map[string][]string // what each unique index compares

	sparse bool                  // its checks want null where null may be
	rows   map[string][]tableRow // those that were made, by tenant
}

type column struct {
	Name, Type, Label string // Label is the first of an enum
	Required, Filled  bool   // Filled: Postgres has a default
}

// foreignKey is a foreign key.
type foreignKey struct {
	To            string
	From, Columns []string
	table         *table // To, where that is a table of tenants
}

// tableRow is one as JSON has it.
type tableRow map[string]any

// describeTables asks the catalogue for every table whose comment says that its rows are each one tenant's.
const describeTables = `
	select n.nspname as schema, c.oid::regclass::text as name,
		(select jsonb_agg(jsonb_build_object('Name', a.attname, 'Required', a.attnotnull, 'Filled', a.atthasdef or a.attidentity <> '',
			'Type', case when y.typtype = 'd' then format_type(y.typbasetype, null) else format_type(a.atttypid, null) end,
			'Label', (select e.enumlabel from pg_enum e where e.enumtypid = a.atttypid order by e.enumsortorder limit 1)) order by a.attnum)
			from pg_attribute a join pg_type y on y.oid = a.atttypid
			where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
		(select array_agg(a.attname::text order by a.attnum) from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
			where i.indrelid = c.oid and i.indisprimary) as key,
		(select coalesce(jsonb_agg(jsonb_build_object('To', k.confrelid::regclass::text,
			'From', (select jsonb_agg(a.attname order by o) from unnest(k.conkey) with ordinality u (n, o)
				join pg_attribute a on a.attrelid = k.conrelid and a.attnum = n),
			'Columns', (select jsonb_agg(a.attname order by o) from unnest(k.confkey) with ordinality u (n, o)
				join pg_attribute a on a.attrelid = k.confrelid and a.attnum = n))), '[]')
			from pg_constraint k where k.conrelid = c.oid and k.contype = 'f') as "references",
		(select coalesce(jsonb_object_agg(x.relname, (select jsonb_agg(pg_get_indexdef(x.oid, p, true)) from generate_series(1, i.indnkeyatts) p)), '{}')
			from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = c.oid and i.indisunique) as uniques` + ofTenants + `order by 2`

// tenantTables returns them, those that others refer to first.
func tenantTables(t *testing.T, owner *db.DB) (sorted []*table) {
	t.Helper()
	var schemas []string
	for _, s := range fuzzedSchemas() {
		schemas = append(schemas, s.Name)
	}
	found, err := db.All[table](t.Context(), owner, describeTables, schemas)
	if err != nil {
		t.Fatal(err)
	}
	left := map[string]*table{}
	for i := range found {
		found[i].rows = map[string][]tableRow{}
		left[found[i].Name] = &found[i]
	}
	for _, in := range left {
		for i := range in.References {
			in.References[i].table = left[in.References[i].To]
		}
	}
	for waits := false; len(left) > 0 && !waits; {
		waits = true
		for _, name := range slices.Sorted(maps.Keys(left)) {
			if !slices.ContainsFunc(left[name].References, func(r foreignKey) bool { return r.To != name && left[r.To] != nil }) {
				sorted = append(sorted, left[name])
				delete(left, name)
				waits = false
			}
		}
	}
	for name := range left {
		t.Errorf("%s was not attacked: its foreign keys go in a circle", name)
	}
	return sorted
}

// row is one for a tenant, which refers to the first rows of that tenant. It is not in the table.
func (t *table) row(rng *rand.Rand, tenant string) tableRow {
	made := tableRow{}
	for _, c := range t.Columns {
		fill := columnFillers[t.Name][c.Name]
		switch value, known := c.value(rng); {
		case fill != nil:
			made[c.Name] = fill(rng.IntN(1 << 30))
		case c.Filled && !t.distinguishes(c.Name), t.sparse && !c.Required:
		case known:
			made[c.Name] = value
		}
	}
	for _, r := range t.References {
		for i, from := range r.From {
			delete(made, from)
			if r.table != nil && len(r.table.rows[tenant]) > 0 {
				made[from] = r.table.rows[tenant][0][r.Columns[i]]
			}
		}
	}
	made["tenant_id"] = tenant
	return made
}

// distinguishes says whether the column is one of what is unique, which others may refer to.
func (t *table) distinguishes(name string) bool {
	for _, columns := range t.Uniques {
		if slices.Contains(columns, name) {
			return true
		}
	}
	return false
}

// makeRows makes rows of a tenant in all tables. It fails for a table that takes none: that would be one which nobody attacks.
func makeRows(t *testing.T, owner *db.DB, tables []*table, tenant string, rng *rand.Rand) {
	t.Helper()
	for _, in := range tables {
		for range 3 {
			made := in.row(rng, tenant)
			err := in.put(t, owner, made)
			if err != nil && !in.sparse {
				in.sparse = true
				made = in.row(rng, tenant)
				err = in.put(t, owner, made)
			}
			if err != nil {
				t.Errorf("%s was not attacked, since it takes no row made of its types: %v\n"+
					"add its columns to columnFillers in internal/app/tenantrows_test.go: %q: {...}", in.Name, err, in.Name)
				break
			}
			in.rows[tenant] = append(in.rows[tenant], made)
		}
	}
}

// plantRows puts back what rows of a tenant are gone.
func plantRows(t *testing.T, owner *db.DB, tables []*table, tenant string) {
	for _, in := range tables {
		for _, r := range in.rows[tenant] {
			if err := in.put(t, owner, r); err != nil {
				t.Errorf("%s: %v", in.Name, err)
			}
		}
	}
}

func (t *table) put(on *testing.T, owner *db.DB, r tableRow) error {
	return owner.InTx(actingIn(on.Context(), r["tenant_id"].(string)), dbtest.Exec(t.insert(r)+" on conflict do nothing", pgx.QueryExecModeExec))
}

// rowsOf returns all rows of a tenant as Postgres prints them, by table.
func rowsOf(t *testing.T, owner *db.DB, tables []*table, tenant string) map[string]string {
	t.Helper()
	rows := map[string]string{}
	for _, in := range tables {
		const all = `select coalesce(string_agg(t::text, e'\n' order by t::text), '') as lines from %s t where tenant_id = $1`
		got, err := db.One[struct{ Lines string }](actingIn(t.Context(), tenant), owner, fmt.Sprintf(all, in.Name), tenant)
		if err != nil || got.Lines == "" {
			t.Errorf("%s: no rows of tenant %s, error %v", in.Name, tenant, err)
		}
		rows[in.Name] = got.Lines
	}
	return rows
}

// value is one for a column of that type.
func (c column) value(rng *rand.Rand) (value any, known bool) {
	n := rng.IntN(1 << 30)
	switch {
	case c.Label != "":
		return c.Label, true
	case strings.HasSuffix(c.Type, "[]"):
		return []any{}, true
	}
	switch c.Type {
	case "uuid":
		return fmt.Sprintf("01890000-0000-7000-9000-%012x", n), true
	case "text", "character varying", "citext":
		return "v" + strconv.FormatInt(int64(n), 36), true
	case "smallint":
		return n % (1 << 15), true
	case "integer", "bigint", "numeric", "double precision", "real":
		return n, true
	case "boolean":
		return n%2 == 0, true
	case "timestamp with time zone", "date":
		return time.Unix(1_700_000_000+int64(n%1_000_000), 0).UTC().Format(time.RFC3339), true
	case "bytea":
		return fmt.Sprintf(`\x%08x`, n), true
	case "json", "jsonb":
		return map[string]any{"n": n}, true
	case "interval":
		return "1 day", true
	case "inet":
		return "127.0.0.1", true
	}
	return nil, false
}
