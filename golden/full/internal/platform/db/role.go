package db

import (
	"fmt"
	"regexp"
)

// app is the first word of every role's name, since all databases of one server share their roles.
const app = "myapp"

// everyDomain is the role that the role of every schema is a member of. What all of them may do in a schema of the platform is
// granted to it.
const everyDomain = app + "_domain"

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

// setRole returns the statement that takes up the role of d, and nothing for a DB that has none.
func (d *DB) setRole() (string, error) {
	if d.role == "" {
		return "", nil
	}
	if err := check(d.role); err != nil {
		return "", err
	}
	return "set local role " + d.role + "; ", nil
}
