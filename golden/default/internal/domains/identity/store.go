package identity

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/token"
)

// upsert returns the user of an address, who is made if there is none.
func upsert(ctx context.Context, tx pgx.Tx, email string) (UserID, error) {
	const query = `
		insert into identity.users (id, email) values ($1, $2)
		on conflict (lower(email)) do update set email = identity.users.email
		returning id`
	var found UserID
	if err := tx.QueryRow(ctx, query, id.Make[userKind](), email).Scan(&found); err != nil {
		return UserID{}, fmt.Errorf("insert user: %w", err)
	}
	return found, nil
}

// account is what signing in needs to know of a user.
type account struct {
	ID           UserID
	PasswordHash string
}

// accountOf returns that of an address, and the zero account if nobody has it.
func (s *Service) accountOf(ctx context.Context, email string) (account, error) {
	found, err := db.One[account](ctx, s.db, `
		select id, coalesce(password_hash, '') as password_hash from identity.users
		where lower(email) = lower($1) and verified_at is not null`, email)
	if err != nil && !db.NotFound(err) {
		return account{}, fmt.Errorf("find account: %w", err)
	}
	return found, nil
}

// issue stores the hash of a new token of the user; the older ones of its kind are void.
func issue(ctx context.Context, tx pgx.Tx, user UserID, kind token.Kind, hash []byte, life time.Duration) error {
	const void = `delete from identity.tokens where user_id = $1 and purpose = $2`
	if _, err := tx.Exec(ctx, void, user, string(kind)); err != nil {
		return fmt.Errorf("void the older tokens: %w", err)
	}
	const insert = `insert into identity.tokens (hash, user_id, purpose, expires_at) values ($1, $2, $3, now() + make_interval(secs => $4))`
	if _, err := tx.Exec(ctx, insert, hash, user, string(kind), life.Seconds()); err != nil {
		return fmt.Errorf("insert token: %w", err)
	}
	return nil
}

// redeem takes a token out of the world and returns whose it was. Of two that redeem one at once, one is refused.
func redeem(ctx context.Context, tx pgx.Tx, kind token.Kind, text string) (UserID, error) {
	hash, ok := kind.Hash(text)
	if !ok {
		return UserID{}, ErrToken
	}
	const query = `delete from identity.tokens where hash = $1 and purpose = $2 and expires_at > now() returning user_id`
	var user UserID
	err := tx.QueryRow(ctx, query, hash, string(kind)).Scan(&user)
	switch {
	case db.NotFound(err):
		return UserID{}, ErrToken
	case err != nil:
		return UserID{}, fmt.Errorf("redeem token: %w", err)
	}
	return user, nil
}

// setPassword also ends all other sessions and links: whoever knew the old password is out. A zero session keeps none.
func setPassword(ctx context.Context, tx pgx.Tx, user UserID, hash string, keep id.UUID) error {
	const update = `
		update identity.users set password_hash = $2, verified_at = coalesce(verified_at, now()) where id = $1`
	if _, err := tx.Exec(ctx, update, user, hash); err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	if _, err := tx.Exec(ctx, `delete from identity.tokens where user_id = $1`, user); err != nil {
		return fmt.Errorf("void the links: %w", err)
	}
	const revoke = `delete from identity.sessions where user_id = $1 and id::text <> $2`
	if _, err := tx.Exec(ctx, revoke, user, keep.String()); err != nil {
		return fmt.Errorf("revoke the sessions: %w", err)
	}
	return nil
}

// lock holds the user until the end of the transaction, if the password is still the one that was compared. A change of it
// that comes meanwhile waits, and then ends the session that is being made.
func lock(ctx context.Context, tx pgx.Tx, a account) error {
	const query = `select true from identity.users where id = $1 and password_hash = $2 for update`
	var same bool
	err := tx.QueryRow(ctx, query, a.ID, a.PasswordHash).Scan(&same)
	switch {
	case db.NotFound(err):
		return ErrCredentials
	case err != nil:
		return fmt.Errorf("lock user: %w", err)
	}
	return nil
}
