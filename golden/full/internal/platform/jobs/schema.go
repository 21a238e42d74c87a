package jobs

import (
	"embed"

	"example.com/myapp/internal/platform/db"
)

//go:embed migrations/*.sql
var migrations embed.FS

const schemaName = "jobs"

// Schema is the part of the database that holds the jobs.
func Schema() db.Schema {
	return db.NewSchema(schemaName, migrations)
}
