package crypto

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// rotateBatch is how many rows one transaction of Rotate locks.
const rotateBatch = 100

// Rotate wraps some of the data keys that are not wrapped by the current key anew, and returns how many; 0 says that none is
// left, but for those that another one rotates now. What was sealed stays as it is. It may run beside everything else.
func (k *Keys) Rotate(ctx context.Context) (rotated int, err error) {
	err = k.db.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, selectKeys+`where wrapped is not null and kek <> $1 order by id limit $2 for update skip locked`,
			k.kek.Current(), rotateBatch)
		if err != nil {
			return err
		}
		stored, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
		if err != nil {
			return err
		}
		batch := new(pgx.Batch)
		for _, r := range stored {
			if err := k.rewrap(ctx, &r); err != nil {
				return err
			}
			batch.Queue(`update crypto.keys set kek = $2, wrapped = $3 where id = $1`, r.ID, r.KEK, r.Wrapped)
		}
		rotated = len(stored)
		return tx.SendBatch(ctx, batch).Close()
	})
	if err != nil {
		return 0, fmt.Errorf("rotate data keys: %w", err)
	}
	return rotated, nil
}

func (k *Keys) rewrap(ctx context.Context, r *row) error {
	place := bound(r.ID, r.subject())
	raw, err := k.kek.Unwrap(ctx, r.KEK, r.Wrapped, place)
	if err != nil {
		return err
	}
	r.KEK, r.Wrapped, err = k.kek.Wrap(ctx, raw, place)
	return err
}

// Usage says how many data keys one key of the provider wraps. One that wraps none may be removed.
type Usage struct {
	KEK  string `db:"kek"`
	Keys int
}

// Usage counts the data keys by what wraps them.
func (k *Keys) Usage(ctx context.Context) (usage []Usage, err error) {
	err = k.db.Read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `select kek, count(*) as keys from crypto.keys where wrapped is not null group by kek order by kek`)
		if err != nil {
			return err
		}
		usage, err = pgx.CollectRows(rows, pgx.RowToStructByName[Usage])
		return err
	})
	return usage, err
}

// Ready says whether the provider opens what lies in the database: one data key for each key that wraps any. It also makes the
// key of the blind indexes, which then can be had in a transaction that only reads.
func (k *Keys) Ready(ctx context.Context) error {
	if _, ok := k.cache.of(index); ok {
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
