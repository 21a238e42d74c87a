package crypto

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
)

// Shred destroys the data key of s: from its commit on, what was sealed for s can be read by nobody, except for a minute by
// another process that has the key in memory. There is no way back, and s is given no new key. Shredding again does nothing.
//
// The transaction is its own, since a domain has no right to it, and since a key that is gone before the rows it sealed does no
// harm: who erases a person shreds first.
func (k *Keys) Shred(ctx context.Context, s Subject) error {
	if err := s.check(); err != nil {
		return fmt.Errorf("shred: %w", err)
	}
	// A subject that has no key yet gets a row all the same: else the next Seal would make one.
	const shred = `insert into crypto.keys as k (id, kind, subject, kek, wrapped, shredded_at)
		values (gen_random_uuid(), $1, $2::uuid, '', null, now())
		on conflict (kind, subject) do update set kek = '', wrapped = null, shredded_at = now() where k.wrapped is not null`
	return k.db.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		db.AfterCommit(ctx, func(context.Context) { k.cache.forget(s) })
		if _, err := tx.Exec(ctx, shred, s.kind, s.id.String()); err != nil {
			return fmt.Errorf("shred: %w", err)
		}
		return nil
	})
}
