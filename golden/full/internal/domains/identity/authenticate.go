package identity

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
)

// Asked is a session that a batch asks for.
type Asked struct {
	// Principal is the user, once the batch was sent; nobody, if no session has the token.
	Principal authz.Principal

	stale bool
}

// Ask adds to b the question whose session a token is, and returns where the answer will be. Queries that follow in b run with
// the user as app.actor_id.
func (s *Service) Ask(b *db.Batch, text string) *Asked {
	asked := &Asked{}
	hash, ok := sessionToken.Hash(text)
	if !ok {
		return asked
	}
	const query = `
		select set_config('app.actor_id', s.user_id::text, true),
			s.id, s.user_id, u.operator, s.last_seen_at < now() - interval '1 minute'
			, s.proved_at
		from identity.sessions s join identity.users u on u.id = s.user_id
		where s.token_hash = $1 and s.expires_at > now() and s.last_seen_at > now() - make_interval(secs => $2)`
	b.Queue(s.db, asked.read, query, hash, s.Idle.Seconds())
	return asked
}

func (a *Asked) read(rows pgx.Rows) error {
	p := authz.Principal{Kind: authz.User}
	columns := []any{nil, &p.Session, &p.ID, &p.Operator, &a.stale}
	columns = append(columns, &p.Proved)
	_, err := pgx.ForEachRow(rows, columns, func() error {
		a.Principal = p
		return nil
	})
	return err
}

// Seen notes, at most once a minute, that the session is in use. The request does not wait for it; while one is being noted,
// others are left to the next request.
func (s *Service) Seen(ctx context.Context, a *Asked) {
	if !a.stale {
		return
	}
	select {
	case s.touching <- struct{}{}:
	default:
		return
	}
	go func() {
		defer func() { <-s.touching }()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		// What fails is tried again with the next request.
		_ = s.db.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `update identity.sessions set last_seen_at = now() where id = $1`, a.Principal.Session)
			return err
		})
	}()
}
