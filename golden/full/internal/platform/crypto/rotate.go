package crypto

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// rotateBatch is how many rows one transaction of Rotate locks.
const rotateBatch = 100

// Rotate wraps all data keys anew that are not wrapped by the current key, and returns how many. What was sealed stays as it is.
// It may run beside everything else; a process that has another current key goes on to make keys that need that one.
func (k *Keys) Rotate(ctx context.Context) (rotated int, err error) {
	for more := true; more && err == nil; {
		err = k.db.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
			rows, err := selected(ctx, tx, `where wrapped is not null and kek <> $1 order by id limit $2 for update`, k.kek.Current(), rotateBatch)
			for _, r := range rows {
				if err := k.rewrap(ctx, tx, r); err != nil {
					return err
				}
			}
			rotated, more = rotated+len(rows), len(rows) > 0
			return err
		})
	}
	return rotated, err
}

// rewrap has the current key wrap a data key.
func (k *Keys) rewrap(ctx context.Context, tx pgx.Tx, r row) error {
	raw, err := k.kek.Unwrap(ctx, r.KEK, r.Wrapped, bound(r.ID, r.subject()))
	if err != nil {
		return err
	}
	current, wrapped, err := k.kek.Wrap(ctx, raw, bound(r.ID, r.subject()))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update crypto.keys set kek = $2, wrapped = $3 where id = $1`, r.ID, current, wrapped)
	return err
}

// Ready says whether the provider opens what lies in the database: one data key for each key that wraps any. It also makes the
// key of the blind indexes, which then can be had in a transaction that only reads.
func (k *Keys) Ready(ctx context.Context) error {
	if _, ok := k.cache.get(index); ok {
		return nil // it was ready a minute ago
	}
	return k.db.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := k.load(ctx, tx, `where id in (select min(id::text)::uuid from crypto.keys where wrapped is not null group by kek)`); err != nil {
			return fmt.Errorf("open data keys: %w", err)
		}
		_, err := k.keyFor(ctx, tx, index)
		return err
	})
}
