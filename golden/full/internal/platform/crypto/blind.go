package crypto

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// BlindIndex returns what a value can be looked up by without being decrypted: 32 bytes that are the same for the same value,
// column and tenant of p; the row does not matter. Who knows the value's form (case, spaces) normalises it first. Equal values
// are seen to be equal, so it is for what is nearly unique, and it is erased together with the value: in a column of its own, of the type bytea.
func (k *Keys) BlindIndex(ctx context.Context, tx pgx.Tx, p Place, value []byte) ([]byte, error) {
	key, err := k.keyFor(ctx, tx, index)
	if err != nil {
		return nil, fmt.Errorf("index %s: %w", p.Column, err)
	}
	p.Row = ""
	mac := hmac.New(sha256.New, key.raw())
	mac.Write(p.bind(nil))
	mac.Write(value)
	return mac.Sum(nil), nil
}
