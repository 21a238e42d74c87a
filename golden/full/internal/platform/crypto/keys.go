package crypto

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/crypto/kek"
	"example.com/myapp/internal/platform/db"
)

var (
	// ErrRefused says that a value was not sealed for this place, or was changed since.
	ErrRefused = errors.New("sealed value does not open here: it is of another place, or was changed")

	// ErrShredded says that the data key was destroyed, on purpose and for ever.
	ErrShredded = errors.New("data key was shredded")
)

// Keys seals and opens values. It is safe for concurrent use.
type Keys struct {
	db    *db.DB
	kek   kek.Provider
	cache *cache
}

// New returns the keys that lie in the database, wrapped by those of the provider.
func New(database *db.DB, provider kek.Provider) *Keys {
	return &Keys{db: database.As(schemaName), kek: provider, cache: newCache()}
}

// Seal encrypts what will stand at p with the data key of s, which is made in tx if there is none. The key of a subject that
// was shredded is ErrShredded, and is not made again.
func (k *Keys) Seal(ctx context.Context, tx pgx.Tx, s Subject, p Place, plaintext []byte) ([]byte, error) {
	if err := errors.Join(s.check(), p.check()); err != nil {
		return nil, fmt.Errorf("seal %s: %w", p.Column, err)
	}
	key, err := k.keyFor(ctx, tx, s)
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", p.Column, err)
	}
	return key.seal(p, plaintext), nil
}

// Open decrypts what stands at p. Its errors are ErrRefused, ErrShredded, kek.ErrUnknown and those of Postgres.
func (k *Keys) Open(ctx context.Context, tx pgx.Tx, p Place, sealed []byte) ([]byte, error) {
	plaintext, err := k.open(ctx, tx, p, sealed)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", p.Column, err)
	}
	return plaintext, nil
}

func (k *Keys) open(ctx context.Context, tx pgx.Tx, p Place, sealed []byte) ([]byte, error) {
	keyID, err := keyOf(sealed)
	if err != nil {
		return nil, err
	}
	key, ok := k.cache.get(keyID)
	if !ok {
		key, err = k.one(ctx, tx, `where id = $1::uuid`, keyID.String())
	}
	switch {
	case errors.Is(err, errNoKey):
		return nil, ErrRefused
	case err != nil:
		return nil, err
	}
	return key.open(p, sealed)
}
