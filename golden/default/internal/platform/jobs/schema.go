package jobs

import (
	"archive/zip"
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"example.com/myapp/internal/platform/db"
)

//go:embed migrations/*.sql
var migrations embed.FS

const schemaName = "jobs"

// statement matches the beginning of a statement of River's.
var statement = regexp.MustCompile(`(?m)^(ALTER|CREATE|DROP|UPDATE) `)

// Schema is the part of the database that holds the jobs: River's tables, and ours. River's migrations come from its module,
// so that a new version of it brings its own; ours are numbered from 1001, behind them.
func Schema() db.Schema {
	files, err := together()
	if err != nil {
		panic(err) // what is embedded in the program cannot be read
	}
	return db.Schema{Name: schemaName, Files: files}
}

// together puts River's migrations and ours into one folder, which is in memory.
func together() (fs.FS, error) {
	river, err := rivermigrate.New(riverpgxv5.New(nil), &rivermigrate.Config{Schema: schemaName})
	if err != nil {
		return nil, err
	}
	var data bytes.Buffer
	folder := zip.NewWriter(&data)
	for _, m := range river.AllVersions() {
		sql := strings.ReplaceAll(m.SQLUp, "/* TEMPLATE: schema */", schemaName+".")
		sql = statement.ReplaceAllString(sql, "-- lint: River sees to it\n$0")
		text := "-- +goose Up\n-- +goose StatementBegin\n" + sql + "\n;\n-- +goose StatementEnd\n"
		file, err := folder.Create(fmt.Sprintf("%04d_river.sql", m.Version))
		if err != nil {
			return nil, err
		}
		if _, err := file.Write([]byte(text)); err != nil {
			return nil, err
		}
	}
	ours, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if err := folder.AddFS(ours); err != nil {
		return nil, err
	}
	if err := folder.Close(); err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(data.Bytes()), int64(data.Len()))
}
