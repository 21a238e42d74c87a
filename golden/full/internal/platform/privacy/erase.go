package privacy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/crypto"
	"example.com/myapp/internal/platform/id"
)

// Erased is what was done to one table.
type Erased struct {
	Table string
	Rule  string // delete, or null for the columns that say so
	Rows  int64
}

// Erase asks each of s.Before, destroys the data key of a person, erases the person from every table, and records that it was done:
// in one transaction, so that all of it is done or nothing. To erase again adds to the audit log and changes nothing else.
func (s *Service) Erase(ctx context.Context, user id.UUID) (done []Erased, err error) {
	tables, err := s.Map(ctx)
	if err != nil {
		return nil, err
	}
	ctx, unit := s.log.Unit(ctx)
	defer unit.Rollback(ctx)
	for _, before := range s.Before {
		if err := before(ctx, user); err != nil {
			return nil, err
		}
	}
	if err := s.keys.Shred(ctx, crypto.Person(user)); err != nil {
		return nil, err
	}
	if done, err = s.eraseRows(ctx, tables, user); err != nil {
		return nil, err
	}
	err = unit.Commit(ctx, func(ctx context.Context, tx pgx.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{Action: "privacy.person_erased", Subject: id.FromUUID[person](user).String()})
	})
	return done, err
}

// eraseRows does to the rows of a person what their columns say.
func (s *Service) eraseRows(ctx context.Context, tables []Table, user id.UUID) (done []Erased, err error) {
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
	return done, err
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
	var names, nothing []string
	of := t.isOf(all)
	for _, c := range t.Columns {
		switch c.Erase {
		case "delete":
			return "delete", "delete from " + t.name() + " where " + of
		case "all":
			of = "$1::uuid is not null"
			fallthrough
		case "null":
			names, nothing = append(names, quote(c.Name)), append(nothing, c.nothing())
		}
	}
	if len(names) == 0 {
		return "", ""
	}
	columns, empty := strings.Join(names, ", "), "row("+strings.Join(nothing, ", ")+")"
	return "null", "update " + t.name() + " set (" + columns + ") = " + empty + " where " + of + " and row(" + columns + ") is distinct from " + empty
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
