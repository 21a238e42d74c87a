package privacy

import (
	"context"
	"fmt"
	"slices"
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

// Erase destroys the data key of a person and then, in one transaction, erases the person from every table. If that fails the
// key is gone and the rest is there; to erase again goes on, and changes nothing once all is done.
func (s *Service) Erase(ctx context.Context, user id.UUID) (done []Erased, err error) {
	tables, err := s.Map(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.keys.Shred(ctx, crypto.Person(user)); err != nil {
		return nil, err
	}
	err = s.across.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		for _, t := range byAddressFirst(tables) {
			rule, statement := t.erase(tables)
			if rule == "" {
				continue
			}
			tag, err := tx.Exec(ctx, statement, user)
			if err != nil {
				return fmt.Errorf("erase from %s.%s: %w", t.Schema, t.Name, err)
			}
			done = append(done, Erased{t.Schema + "." + t.Name, rule, tag.RowsAffected()})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return done, nil
}

// byAddressFirst puts first the tables whose rows are found by the address of the person: later nothing knows it any more.
func byAddressFirst(tables []Table) []Table {
	rank := func(t Table) int {
		if slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Subject == "email" }) {
			return 0
		}
		return 1
	}
	return slices.SortedStableFunc(slices.Values(tables), func(a, b Table) int { return rank(a) - rank(b) })
}

// erase returns what is to be done to the rows of the person $1, or nothing.
func (t Table) erase(all []Table) (rule, statement string) {
	if len(t.Subjects()) == 0 {
		return "", ""
	}
	var sets, differs []string
	for _, c := range t.Columns {
		switch c.Erase {
		case "delete":
			return "delete", "delete from " + t.name() + " where " + t.isOf(all)
		case "null":
			sets = append(sets, quote(c.Name)+" = "+c.nothing())
			differs = append(differs, quote(c.Name)+" is distinct from "+c.nothing())
		}
	}
	if len(sets) == 0 {
		return "", ""
	}
	return "null", "update " + t.name() + " set " + strings.Join(sets, ", ") +
		" where " + t.isOf(all) + " and (" + strings.Join(differs, " or ") + ")"
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

// isOf is the condition that a row is about the person $1, whose addresses are in one of all tables.
func (t Table) isOf(all []Table) string {
	var conditions []string
	for _, c := range t.Columns {
		switch c.Subject {
		case "user":
			conditions = append(conditions, quote(c.Name)+" = $1")
		case "email":
			conditions = append(conditions, "lower("+quote(c.Name)+") in ("+addresses(all)+")")
		}
	}
	return "(" + strings.Join(conditions, " or ") + ")"
}

// addresses is the query for those of the person $1: they stand in rows that are found by the person's id.
func addresses(tables []Table) string {
	queries := []string{"select null::text where $1::uuid is null"}
	for _, t := range tables {
		for _, id := range t.Columns {
			for _, c := range t.Columns {
				if id.Subject == "user" && c.Class == "email" {
					queries = append(queries, "select lower("+quote(c.Name)+") from "+t.name()+" where "+quote(id.Name)+" = $1")
				}
			}
		}
	}
	return strings.Join(queries, " union all ")
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
