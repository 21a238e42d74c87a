package privacy

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/crypto"
	"example.com/myapp/internal/platform/id"
)

// Erased is what was done to one table.
type Erased struct {
	Table string
	Rule  string // delete, or null for the columns that say so
	Rows  int64
}

// Erase destroys the data key of a person and then erases the person from schema after schema, each in a transaction of its
// own. What was erased stays erased if it fails half way; to erase again goes on, and changes nothing once all is done.
func (s *Service) Erase(ctx context.Context, user id.UUID) (done []Erased, err error) {
	tables, err := s.Map(ctx)
	if err != nil {
		return nil, err
	}
	shred := func(ctx context.Context, tx pgx.Tx) error { return s.keys.Shred(ctx, tx, crypto.Person(user)) }
	if err := s.db.InTx(ctx, shred); err != nil {
		return nil, err
	}
	for _, schema := range s.schemas {
		var erased []Erased
		err := s.across.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
			for _, t := range tables {
				rule, statement := t.erase()
				if t.Schema != schema || rule == "" {
					continue
				}
				tag, err := tx.Exec(ctx, statement, user)
				if err != nil {
					return fmt.Errorf("erase from %s.%s: %w", t.Schema, t.Name, err)
				}
				erased = append(erased, Erased{t.Schema + "." + t.Name, rule, tag.RowsAffected()})
			}
			return nil
		})
		if err != nil {
			return done, err
		}
		done = append(done, erased...)
	}
	return done, nil
}

// erase returns what is to be done to the rows of the person $1, or nothing.
func (t Table) erase() (rule, statement string) {
	subjects := t.Subjects()
	if len(subjects) == 0 {
		return "", ""
	}
	var sets, differs []string
	for _, c := range t.Columns {
		switch c.Erase {
		case "delete":
			return "delete", "delete from " + t.name() + " where " + t.isOf()
		case "null":
			sets = append(sets, quote(c.Name)+" = "+c.nothing())
			differs = append(differs, quote(c.Name)+" is distinct from "+c.nothing())
		}
	}
	if len(sets) == 0 {
		return "", ""
	}
	return "null", "update " + t.name() + " set " + strings.Join(sets, ", ") +
		" where " + t.isOf() + " and (" + strings.Join(differs, " or ") + ")"
}

// nothing is what stands in an erased column.
func (c Column) nothing() string {
	switch {
	case c.Nullable:
		return "null"
	case c.Type == "jsonb":
		return "'{}'::jsonb"
	default:
		return "''::" + c.Type
	}
}

func (t Table) name() string { return pgx.Identifier{t.Schema, t.Name}.Sanitize() }

// isOf is the condition that a row is about the person $1.
func (t Table) isOf() string {
	var conditions []string
	for _, c := range t.Subjects() {
		conditions = append(conditions, quote(c)+" = $1")
	}
	return "(" + strings.Join(conditions, " or ") + ")"
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
