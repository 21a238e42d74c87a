package db

import (
	"fmt"
	"regexp"

	"github.com/jackc/pgx/v5"
)

// app is the first word of every role's name, since all databases of one server share their roles.
const app = "myapp"

// everyDomain is the role that the role of every schema is a member of. What all of them may do in a schema of the platform is
// granted to it.
const everyDomain = app + "_domain"

// acrossTenants is the role that sees the rows of every tenant, in the tables that let it.
const acrossTenants = app + "_across_tenants"

// name is what a schema or a role may be called. Names stand in SQL as they are, where no parameter can be used; Postgres cuts
// them at 63 bytes.
var name = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

// role returns the name of the role of a schema.
func role(schema string) string {
	return app + "_" + schema
}

// check says whether all of the names may be put into SQL.
func check(names ...string) error {
	for _, n := range names {
		if !name.MatchString(n) {
			return fmt.Errorf("%q is no name for a schema or role: want %s", n, name)
		}
	}
	return nil
}

// AcrossTenants returns d with the role that sees the rows of every tenant: for what is done to all of them, such as deleting
// what is old, and never for a request. The reason is a few lower-case words, which Postgres shows beside the transaction; it is a
// mistake in the program to give none. Who calls it stands in a list in internal/archtest.
func AcrossTenants(d *DB, reason string) *DB {
	if !reasons.MatchString(reason) {
		panic(fmt.Sprintf("%q is no reason to see every tenant: want %s", reason, reasons))
	}
	as := *d
	as.role, as.reason = acrossTenants, " /* "+reason+" */"
	return &as
}

// reasons are lower-case words: they stand in a comment of SQL.
var reasons = regexp.MustCompile(`^[a-z][a-z ]{9,99}$`)

// setRole returns the statement that takes up the role of d, and nothing for a DB that has none.
func (d *DB) setRole() string {
	if d.role == "" {
		return ""
	}
	return "set local role " + pgx.Identifier{d.role}.Sanitize() + d.reason + "; "
}
