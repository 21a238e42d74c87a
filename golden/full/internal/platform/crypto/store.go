package crypto

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
)

//go:embed migrations/*.sql
var migrations embed.FS

const schemaName = "crypto"

// Schema is the part of the database that holds the data keys.
func Schema() db.Schema {
	return db.NewSchema(schemaName, migrations)
}

// row is a data key as it is stored. Wrapped is nil once it was shredded.
type row struct {
	ID      id.UUID
	Kind    string
	Subject id.UUID
	KEK     string `db:"kek"`
	Wrapped []byte
	Mine    bool
}

func (r row) subject() Subject { return Subject{r.Kind, r.Subject} }

// A row of this very transaction is told by its time, which is that of the transaction: it may yet be rolled back.
const selectKeys = `select id, kind, subject, kek, wrapped, created_at = now() as mine from crypto.keys `

// selected are the rows that a condition selects.
func selected(ctx context.Context, tx pgx.Tx, where string, args ...any) ([]row, error) {
	rows, _ := tx.Query(ctx, selectKeys+where, args...) // its error is that of CollectRows
	return pgx.CollectRows(rows, pgx.RowToStructByName[row])
}

// keyFor returns the data key of a subject, and makes it if there is none. It is read again then: another transaction may have
// made it meanwhile.
func (k *Keys) keyFor(ctx context.Context, tx pgx.Tx, s Subject) (dataKey, error) {
	if key, ok := k.cache.get(s); ok {
		return key, nil
	}
	const bySubject = `where kind = $1 and subject = $2::uuid`
	key, err := k.one(ctx, tx, bySubject, s.kind, s.id.String())
	if !errors.Is(err, errNoKey) {
		return key, err
	}
	if err := k.create(ctx, tx, s); err != nil {
		return dataKey{}, err
	}
	return k.one(ctx, tx, bySubject, s.kind, s.id.String())
}

var errNoKey = errors.New("no data key")

// one returns the one key that the condition selects.
func (k *Keys) one(ctx context.Context, tx pgx.Tx, where string, args ...any) (dataKey, error) {
	found, err := k.load(ctx, tx, where, args...)
	switch {
	case err != nil:
		return dataKey{}, err
	case len(found) == 0:
		return dataKey{}, errNoKey
	case found[0].aead == nil:
		return dataKey{}, ErrShredded
	}
	return found[0], nil
}

// load reads, unwraps and caches keys. One that was shredded has no aead, and one that may yet be rolled back is not cached:
// what was sealed with it in another transaction could never be opened.
func (k *Keys) load(ctx context.Context, tx pgx.Tx, where string, args ...any) ([]dataKey, error) {
	rows, err := selected(ctx, tx, where, args...)
	found := make([]dataKey, len(rows))
	for i, r := range rows {
		if r.Wrapped == nil {
			continue
		}
		raw, err := k.kek.Unwrap(ctx, r.KEK, r.Wrapped, bound(r.ID, r.subject()))
		if err != nil {
			return nil, err
		}
		if found[i], err = newDataKey(r.ID, r.subject(), raw); err != nil {
			return nil, err
		}
		if !r.Mine {
			k.cache.put(found[i])
		}
	}
	return found, err
}

// create makes the data key of a subject, unless another transaction does, for which it waits.
func (k *Keys) create(ctx context.Context, tx pgx.Tx, s Subject) error {
	raw := make([]byte, keySize)
	rand.Read(raw)
	keyID := id.New()
	current, wrapped, err := k.kek.Wrap(ctx, raw, bound(keyID, s))
	if err != nil {
		return err
	}
	const insert = `insert into crypto.keys (id, kind, subject, kek, wrapped) values ($1, $2, $3::uuid, $4, $5)
		on conflict (kind, subject) do nothing`
	_, err = tx.Exec(ctx, insert, keyID, s.kind, s.id.String(), current, wrapped)
	return err
}
