package db

import (
	"embed"
	"io/fs"
)

// Schema is the part of the database that one package owns.
type Schema struct {
	// Name is the name of the Postgres schema: lower case letters, digits and underscores. Its role is called after it.
	Name string

	// Files holds the migrations at its root: NNNN_name.sql, in the form of https://pressly.github.io/goose. They grant what
	// the role may do, table by table.
	Files fs.FS
}

// NewSchema returns the schema whose migrations are embedded from the folder migrations.
func NewSchema(name string, files embed.FS) Schema {
	// The one error of Sub is a path that is none.
	migrations, _ := fs.Sub(files, "migrations")
	return Schema{Name: name, Files: migrations}
}
