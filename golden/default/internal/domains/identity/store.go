package identity

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/secret"
	"example.com/myapp/internal/platform/token"
)

// account is what signing in needs to know of a user.
type account struct {
	ID           UserID
	PasswordHash string

	// Renewed is the hash by which the other one is to be replaced, if that is of older parameters.
	Renewed string
}

// prove returns the one account for which a condition holds, if the password is its own. An account that is not there costs the
// same work as one that is.
func (s *Service) prove(ctx context.Context, plain secret.String, where string, value any) (account, error) {
	known, err := db.One[account](ctx, s.db, `
		select id, coalesce(password_hash, '') as password_hash, '' as renewed from identity.users where `+where, value)
	if err != nil && !db.NotFound(err) {
		return account{}, fmt.Errorf("find account: %w", err)
	}
	match, stale, err := s.hasher.Compare(ctx, plain, known.PasswordHash)
	if err == nil && !match {
		err = ErrCredentials
	}
	if err == nil && stale {
		known.Renewed, err = s.hasher.Hash(ctx, plain)
	}
	return known, err
}

// issue stores the hash of a new token of the user; the older ones of its kind are void.
func issue(ctx context.Context, tx pgx.Tx, user UserID, kind token.Kind, hash []byte, life time.Duration) error {
	const statement = `
		with void as (delete from identity.tokens where user_id = $2 and purpose = $3)
		insert into identity.tokens (hash, user_id, purpose, expires_at) values ($1, $2, $3, now() + make_interval(secs => $4))`
	if _, err := tx.Exec(ctx, statement, hash, user, string(kind), life.Seconds()); err != nil {
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
	return user, db.Absent(err, ErrToken)
}

// newPassword is one that a user has chosen.
type newPassword struct {
	user UserID
	hash string
	name *string // nil is the one of before
	keep id.UUID // the session that goes on
}

// setPassword also ends all other sessions and links: whoever knew the old password is out. The first one makes a user.
func setPassword(ctx context.Context, tx pgx.Tx, n newPassword) error {
	// A statement of its own waits for a login that is under way: the next one sees its session.
	var first bool
	const hold = `select verified_at is null from identity.users where id = $1 for update`
	if err := tx.QueryRow(ctx, hold, n.user).Scan(&first); err != nil {
		return fmt.Errorf("lock user: %w", err)
	}
	const statement = `
		with links as (delete from identity.tokens where user_id = $1),
			sessions as (delete from identity.sessions where user_id = $1 and id::text <> $4)
		update identity.users set password_hash = $2, name = coalesce($3, name), verified_at = coalesce(verified_at, now()) where id = $1`
	if _, err := tx.Exec(ctx, statement, n.user, n.hash, n.name, n.keep.String()); err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	if !first {
		return nil
	}
	return events.Publish(ctx, tx, UserSignedUp{n.user})
}

// lock holds the user until the end of the transaction, if the password is still the one that was compared. A change of it
// that comes meanwhile waits, and then ends the session that is being made.
func lock(ctx context.Context, tx pgx.Tx, a account) error {
	const query = `
		update identity.users set password_hash = coalesce(nullif($3, ''), password_hash)
		where id = $1 and password_hash = $2 returning id`
	err := tx.QueryRow(ctx, query, a.ID, a.PasswordHash, a.Renewed).Scan(&a.ID)
	return db.Absent(err, ErrCredentials)
}
