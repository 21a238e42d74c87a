package dbtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
)

// prefix starts the name of every database that is made here. The name goes on with what it is for, when it was made, in
// seconds, and something of its own: 63 bytes at most, with three underscores.
const prefix = "myapp"

// A template is used while it is fresh. What is stale was left by a run that crashed, or is a template that nobody takes any
// more: tests run for less than the time between the two.
const (
	fresh = 30 * time.Minute
	stale = time.Hour
)

// template returns the name of a database in which the schemas' migrations were applied.
func (s *server) template(ctx context.Context, schemas []db.Schema) (string, error) {
	if len(schemas) == 0 {
		return "template0", nil
	}
	hash, err := fingerprint(schemas)
	if err != nil {
		return "", fmt.Errorf("read migrations: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if name, ok := s.templates[hash]; ok {
		return name, nil
	}
	name, err := s.shared(ctx, hash, schemas)
	if err != nil {
		return "", fmt.Errorf("make template database: %w", err)
	}
	s.templates[hash] = name
	return name, nil
}

// shared finds the template, or makes it, while all other processes wait.
func (s *server) shared(ctx context.Context, hash string, schemas []db.Schema) (string, error) {
	conn, err := pgx.Connect(ctx, s.admin.String())
	if err != nil {
		return "", err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "select pg_advisory_lock(hashtextextended($1, 0))", prefix+" template"); err != nil {
		return "", err
	}
	if err := sweep(ctx, conn); err != nil {
		return "", err
	}

	var name string
	const find = `
		select datname from pg_database
		where datistemplate and datname ~ $1 and split_part(datname, '_', 3)::bigint > $2
		limit 1`
	err = conn.QueryRow(ctx, find, "^"+prefix+"_template_[0-9]+_"+hash+"$", time.Now().Add(-fresh).Unix()).Scan(&name)
	if !errors.Is(err, pgx.ErrNoRows) {
		return name, err
	}
	name = fmt.Sprintf("%s_template_%d_%s", prefix, time.Now().Unix(), hash)
	if _, err := conn.Exec(ctx, "drop database if exists "+name+" with (force)"); err != nil {
		return "", err
	}
	if _, err := conn.Exec(ctx, "create database "+name+" template template0"); err != nil {
		return "", err
	}
	if _, err := db.Migrate(ctx, options(s.url(name)), schemas...); err != nil {
		return "", err
	}
	// Only now is it found by others: a process that is killed before this line leaves nothing that looks whole.
	_, err = conn.Exec(ctx, "alter database "+name+" is_template true")
	return name, err
}

// sweep drops the databases that are stale. One that is in use, or another login's, is left alone.
func sweep(ctx context.Context, conn *pgx.Conn) error {
	const find = `
		select datname, datistemplate from pg_database
		where datname ~ $1 and split_part(datname, '_', 3)::bigint < $2`
	rows, err := conn.Query(ctx, find, "^"+prefix+"_(test|template)_[0-9]+_", time.Now().Add(-stale).Unix())
	if err != nil {
		return err
	}
	type database struct {
		Name     string
		Template bool
	}
	left, err := pgx.CollectRows(rows, pgx.RowToStructByPos[database])
	if err != nil {
		return err
	}
	for _, d := range left {
		if d.Template {
			_, _ = conn.Exec(ctx, "alter database "+d.Name+" is_template false")
		}
		_, _ = conn.Exec(ctx, "drop database "+d.Name)
	}
	return nil
}

// newName returns a name that no other process takes, be it on another machine.
func newName(purpose string) string {
	return prefix + "_" + purpose + "_" + strconv.FormatInt(time.Now().Unix(), 10) + "_" + strings.ToLower(rand.Text())
}

// fingerprint returns a short text that differs if anything in the migrations does.
func fingerprint(schemas []db.Schema) (string, error) {
	sum := sha256.New()
	for _, s := range schemas {
		fmt.Fprintf(sum, "schema %q\n", s.Name)
		err := fs.WalkDir(s.Files, ".", func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			content, err := fs.ReadFile(s.Files, path)
			fmt.Fprintf(sum, "file %q %q\n", path, content)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:8]), nil
}
