package crypto

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Shred destroys the data key of s in tx: from the commit on, what was sealed for s can be read by nobody, except for a minute
// by a process that has the key in memory. There is no way back, and s is given no new key. Shredding again does nothing.
//
// A domain has no right to it: Shred takes up the role of this package, and gives tx back with the one it had.
func (k *Keys) Shred(ctx context.Context, tx pgx.Tx, s Subject) error {
	if err := s.check(); err != nil {
		return fmt.Errorf("shred: %w", err)
	}
	var role string
	if err := tx.QueryRow(ctx, `select current_user`).Scan(&role); err != nil {
		return fmt.Errorf("shred: %w", err)
	}
	if err := k.db.SetRole(ctx, tx); err != nil {
		return fmt.Errorf("shred: %w", err)
	}
	// A subject that has no key yet gets a row all the same: else the next Seal would make one.
	const shred = `insert into crypto.keys as k (id, kind, subject, kek, wrapped, shredded_at)
		values (gen_random_uuid(), $1, $2::uuid, '', null, now())
		on conflict (kind, subject) do update set kek = '', wrapped = null, shredded_at = now() where k.wrapped is not null`
	if _, err := tx.Exec(ctx, shred, s.kind, s.id.String()); err != nil {
		return fmt.Errorf("shred: %w", err)
	}
	if _, err := tx.Exec(ctx, `select set_config('role', $1, true)`, role); err != nil {
		return fmt.Errorf("shred: %w", err)
	}
	k.cache.forget(s)
	return nil
}
