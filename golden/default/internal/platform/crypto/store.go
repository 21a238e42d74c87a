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

// keyFor returns the data key of a subject, and makes it if there is none.
func (k *Keys) keyFor(ctx context.Context, tx pgx.Tx, s Subject) (dataKey, error) {
	if key, ok := k.cache.of(s); ok {
		return key, nil
	}
	const bySubject = `where kind = $1 and subject = $2::uuid`
	key, err := k.one(ctx, tx, bySubject, s.kind, s.id.String())
	if !errors.Is(err, errNoKey) {
		return key, err
	}
	key, made, err := k.create(ctx, tx, s)
	if err != nil || made {
		return key, err
	}
	return k.one(ctx, tx, bySubject, s.kind, s.id.String()) // another transaction made it meanwhile
}

// fetch returns the data key of that id. A value that names none was not sealed here.
func (k *Keys) fetch(ctx context.Context, tx pgx.Tx, keyID id.UUID) (dataKey, error) {
	key, err := k.one(ctx, tx, `where id = $1::uuid`, keyID.String())
	if errors.Is(err, errNoKey) {
		return dataKey{}, ErrRefused
	}
	return key, err
}

var errNoKey = errors.New("no data key")

// one returns the one key that the condition selects.
func (k *Keys) one(ctx context.Context, tx pgx.Tx, where string, args ...any) (dataKey, error) {
	found, err := k.load(ctx, tx, where, args...)
	if err != nil {
		return dataKey{}, err
	}
	if len(found) == 0 {
		return dataKey{}, errNoKey
	}
	if found[0].aead == nil {
		return dataKey{}, ErrShredded
	}
	return found[0], nil
}

// load reads, unwraps and caches keys. One that was shredded has no aead, and one that may yet be rolled back is not cached:
// what was sealed with it in another transaction could never be opened.
func (k *Keys) load(ctx context.Context, tx pgx.Tx, where string, args ...any) ([]dataKey, error) {
	rows, err := tx.Query(ctx, selectKeys+where, args...)
	if err != nil {
		return nil, err
	}
	stored, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, err
	}
	found := make([]dataKey, len(stored))
	for i, r := range stored {
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
	return found, nil
}

// create makes the data key of a subject, unless another transaction does, for which it waits.
func (k *Keys) create(ctx context.Context, tx pgx.Tx, s Subject) (key dataKey, made bool, err error) {
	raw := make([]byte, keySize)
	rand.Read(raw)
	keyID := id.New()
	current, wrapped, err := k.kek.Wrap(ctx, raw, bound(keyID, s))
	if err != nil {
		return dataKey{}, false, err
	}
	const insert = `insert into crypto.keys (id, kind, subject, kek, wrapped) values ($1, $2, $3::uuid, $4, $5)
		on conflict (kind, subject) do nothing`
	tag, err := tx.Exec(ctx, insert, keyID, s.kind, s.id.String(), current, wrapped)
	if err != nil || tag.RowsAffected() == 0 {
		return dataKey{}, false, err
	}
	key, err = newDataKey(keyID, s, raw)
	return key, true, err
}
