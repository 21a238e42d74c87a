// Package audit keeps who did what, so that nobody can change it unseen.
//
//	Record -> audit.entries, audit.heads;  Heads -> a file elsewhere;  Verify <- all of them
//
// An entry is recorded in the transaction that it tells of: if that is rolled back the entry never was. The entries of a tenant
// are a chain, in which each has the hash of the one before; what happens in no tenant is a chain of its own. Whoever records
// holds the head of the chain until the commit, so that two entries never follow one, and all changes of one tenant wait for
// each other from there on: record last. No role of the app can update or delete an entry. Who owns the database can, and is
// found by Verify: by the hashes, and where the whole chain was written anew by the heads that were kept elsewhere.
package audit

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/logging"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Schema is the part of the database that holds the entries.
func Schema() db.Schema {
	return db.NewSchema("audit", migrations)
}

// Seal encrypts what is personal by the key of the person whom it is about.
type Seal func(ctx context.Context, tx pgx.Tx, plaintext []byte) ([]byte, error)

// Entry is something that was done, or refused. The tenant and the actor are those of the context.
type Entry struct {
	// Action is the domain and what happened: "orders.order_created".
	Action string

	// Subject is the public id of what it happened to.
	Subject string

	// Details is what else to know, as JSON: no secrets, and nothing about a person.
	Details any

	// Personal is what there is about a person. It is encrypted by Seal before it is hashed, so that destroying the key of
	// the person erases it and leaves the chain whole.
	Personal map[string]string
	Seal     Seal

	// Denied says that it was refused.
	Denied bool
}

var errSeal = errors.New("it has personal fields and nothing to seal them")

// Record adds e to the chain of the tenant, in tx.
func Record(ctx context.Context, tx pgx.Tx, e Entry) error {
	personal, err := e.sealed(ctx, tx)
	if err != nil {
		return fmt.Errorf("record %s: %w", e.Action, err)
	}
	details, err := json.Marshal(e.Details)
	if err != nil {
		return fmt.Errorf("record %s: encode its details: %w", e.Action, err)
	}
	const add = `select audit.append($1, case when $2 then 'denied' else 'done' end, $3, $4::json, $5::bytea, $6)`
	if _, err := tx.Exec(ctx, add, e.Action, e.Denied, e.Subject, string(details), personal, logging.RequestID(ctx)); err != nil {
		return fmt.Errorf("record %s: %w", e.Action, err)
	}
	return nil
}

func (e Entry) sealed(ctx context.Context, tx pgx.Tx) ([]byte, error) {
	if len(e.Personal) == 0 {
		return []byte{}, nil
	}
	if e.Seal == nil {
		return nil, errSeal
	}
	plaintext, err := json.Marshal(e.Personal)
	if err != nil {
		return nil, err
	}
	return e.Seal(ctx, tx, plaintext)
}
