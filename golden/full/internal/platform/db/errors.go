package db

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// The SQLSTATE codes that the package tells apart; https://www.postgresql.org/docs/current/errcodes-appendix.html
const (
	uniqueViolation       = "23505"
	duplicateObject       = "42710"
	insufficientPrivilege = "42501"
	queryCanceled         = "57014"
	lockNotAvailable      = "55P03"
	undefinedSchema       = "3F000"
	undefinedTable        = "42P01"
	undefinedColumn       = "42703"
	undefinedFunction     = "42883"
	undefinedRole         = "22023" // as SET ROLE calls it
)

// NotFound says whether err is that of a query for one row which found none.
func NotFound(err error) bool {
	return errors.Is(err, pgx.ErrNoRows)
}

// Absent returns what a query for one row has failed with: instead, if it found none.
func Absent(err, instead error) error {
	if NotFound(err) {
		return instead
	}
	return err
}

// Violates says whether err is that of a row which the named unique constraint or unique index refused. A package turns it
// into an error of its own words: the text of the driver names tables and values, and is for the log alone.
func Violates(err error, constraint string) bool {
	refused, ok := errors.AsType[*pgconn.PgError](err)
	return ok && refused.Code == uniqueViolation && refused.ConstraintName == constraint
}

// Behind says whether err is that of a database which lacks what the program counts on: its migrations were not applied.
func Behind(err error) bool {
	return is(err, undefinedSchema, undefinedTable, undefinedColumn, undefinedFunction, undefinedRole)
}

// intime marks an error of Postgres that means "this took too long" as what it is in Go.
func intime(err error) error {
	if !is(err, queryCanceled, lockNotAvailable) {
		return err
	}
	return fmt.Errorf("%w: %w", context.DeadlineExceeded, err)
}

// is says whether err is an error of Postgres with one of the codes.
func is(err error, codes ...string) bool {
	refused, ok := errors.AsType[*pgconn.PgError](err)
	return ok && slices.Contains(codes, refused.Code)
}
