// Package privacy knows what the database holds about people, from the comments on its tables and columns.
//
// A comment begins with a classification, which ends at a semicolon; then comes what a reader wants to know:
//
//	comment on table  'scope=tenant|user|global|platform pii=yes|no retention=…; Sentence.'
//	comment on column 'pii=email erase=null|delete|all|keep export=yes|no; Sentence.'
//	comment on column 'subject=user; Sentence.'        the column holds the id of the person whom the row is about
//	comment on column 'subject=email; Sentence.'       it holds an address, and the row is about whoever has it, a user yet or not
//
// Map reads them, Export writes what is marked export=yes of the rows of one person, Erase does to those rows what their columns
// say and destroys the person's data key. Both work as the role that sees every tenant, to which the migration of a table grants
// what its classification needs. What lies outside of Postgres (logs, files, vendors, backups) is not reached from here.
package privacy

import (
	"context"
	"fmt"

	"example.com/myapp/internal/platform/crypto"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
)

// Service works on one database.
type Service struct {
	// Before are asked before a person is erased, in the transaction that does it. An error of one refuses it.
	Before []func(ctx context.Context, user id.UUID) error

	db      *db.DB
	across  *db.DB
	log     *db.DB
	keys    *crypto.Keys
	schemas []string
}

// New returns the service for those schemas of the database.
func New(database *db.DB, keys *crypto.Keys, schemas []db.Schema) *Service {
	s := &Service{
		db: database, across: db.AcrossTenants(database, "a person asks for what is stored"), log: database.As("audit"), keys: keys,
	}
	for _, schema := range schemas {
		s.schemas = append(s.schemas, schema.Name)
	}
	return s
}

// person is who asks: as a UUID, or with the prefix that people see.
type person struct{}

func (person) Prefix() string { return "user" }

// ParsePerson reads the id of a person, in either form.
func ParsePerson(text string) (id.UUID, error) {
	if u, err := id.ParseUUID(text); err == nil && !u.IsZero() {
		return u, nil
	}
	u, err := id.Parse[person](text)
	if err != nil {
		return id.UUID{}, fmt.Errorf("%q is no id of a person: expected user_… or a UUID", text)
	}
	return u.UUID(), nil
}

// The comments of all tables and columns; the table in which migrations keep their versions is not ours.
const catalogue = `
	select n.nspname as schema, c.relname as table, coalesce(obj_description(c.oid, 'pg_class'), '') as about,
		a.attname as column, coalesce(col_description(c.oid, a.attnum), '') as note,
		format_type(a.atttypid, null) as type, not a.attnotnull as nullable
	from pg_class c join pg_namespace n on n.oid = c.relnamespace
	join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
	where n.nspname = any ($1) and c.relname <> 'schema_migrations' and c.relkind in ('r', 'p') and not c.relispartition
	order by array_position($1, n.nspname::text), c.relname, a.attnum`

type entry struct {
	Schema, Table, About, Column, Note, Type string
	Nullable                                 bool
}

// Map returns all tables with their classification. Its error names every comment that cannot be read.
func (s *Service) Map(ctx context.Context) ([]Table, error) {
	entries, err := db.All[entry](ctx, s.db, catalogue, s.schemas)
	if err != nil {
		return nil, fmt.Errorf("read the comments of the schemas: %w", err)
	}
	return classify(entries)
}
