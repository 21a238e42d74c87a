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
	Rule  string // delete, or null for the columns that say so, or all if that is in every row
	Rows  int64
}

// Erase asks each of s.Before, destroys the data key of a person, erases the person from every table, and records that it was done:
// in one transaction, so that all of it is done or nothing. Then it empties what is of nobody known, so many rows at a time; if that
// fails it is to be done again. To erase again adds to the audit log and changes nothing else.
func (s *Service) Erase(ctx context.Context, user id.UUID) (done []Erased, err error) {
	tables, err := s.Map(ctx)
	if err != nil {
		return nil, err
	}
	whole, unit := s.log.Unit(ctx)
	defer unit.Rollback(whole)
	for _, before := range s.Before {
		if err := before(whole, user); err != nil {
			return nil, err
		}
	}
	if err := s.keys.Shred(whole, crypto.Person(user)); err != nil {
		return nil, err
	}
	if done, err = s.eraseRows(whole, tables, user, false); err != nil {
		return nil, err
	}
	if err := unit.Commit(whole, func(ctx context.Context, tx pgx.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{Action: "privacy.person_erased", Subject: id.FromUUID[person](user).String()})
	}); err != nil {
		return done, err
	}
	emptied, err := s.eraseRows(ctx, tables, user, true)
	return append(done, emptied...), err
}

// batch is how many rows are emptied in one transaction, of those of nobody known.
const batch = 2000

// eraseRows does to the rows of a person what their columns say, or to all rows what those columns say that mean all.
func (s *Service) eraseRows(ctx context.Context, tables []Table, user id.UUID, all bool) (done []Erased, err error) {
	for _, t := range byAddressFirst(tables) {
		rule, statement := t.erase(tables)
		if rule == "" || all != (rule == "all") {
			continue
		}
		e := Erased{Table: t.Schema + "." + t.Name, Rule: rule}
		for rows := int64(batch); rows == batch; e.Rows += rows {
			err := s.across.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
				tag, err := tx.Exec(ctx, statement, user)
				rows = tag.RowsAffected()
				return err
			})
			if err != nil {
				return done, fmt.Errorf("erase from %s: %w", e.Table, err)
			}
		}
		done = append(done, e)
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
	rule = "null"
	var names, nothing []string
	of := t.isOf(all)
	for _, c := range t.Columns {
		switch c.Erase {
		case "delete":
			return "delete", "delete from " + t.name() + " where " + of
		case "all":
			rule, of = "all", "$1::uuid is not null"
			fallthrough
		case "null":
			names, nothing = append(names, quote(c.Name)), append(nothing, c.nothing())
		}
	}
	if len(names) == 0 {
		return "", ""
	}
	columns, empty := strings.Join(names, ", "), "row("+strings.Join(nothing, ", ")+")"
	of += " and row(" + columns + ") is distinct from " + empty
	if rule == "all" {
		of += fmt.Sprintf(" and ctid = any (array(select ctid from %s where %s limit %d))", t.name(), of, batch)
	}
	return rule, "update " + t.name() + " set (" + columns + ") = " + empty + " where " + of
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
