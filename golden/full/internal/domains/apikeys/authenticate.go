package apikeys

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
)

// Asked is a key that a batch asks for.
type Asked struct {
	service *Service
	key     KeyID
	found   bool
	tenant  id.UUID
	scopes  []string
}

// Ask adds to b the question whose key a text is. Queries that follow in b run with the maker of the key as app.actor_id, its
// workspace as app.tenant_id, and app.key_made_at. A text that is no key asks nothing: it is authz.ErrAnonymous at once.
func (s *Service) Ask(b *db.Batch, text string) (*Asked, error) {
	key, ok := parse(s.Live, text)
	if !ok {
		return nil, authz.ErrAnonymous
	}
	hash, err := s.hash(text)
	if err != nil {
		return nil, err
	}
	asked := &Asked{service: s, key: key}
	b.Queue(s.db, asked.ignore, `select set_config('app.key_hash', $1, true)`, hex.EncodeToString(hash))
	b.Queue(s.db, asked.read, `
		select tenant_id, scopes, set_config('app.actor_id', created_by::text, true), set_config('app.tenant_id', tenant_id::text, true),
			set_config('app.key_made_at', created_at::text, true)
		from apikeys.keys where id = $1 and hash = $2 and expires_at > now()`, key, hash)
	return asked, nil
}

func (a *Asked) ignore(rows pgx.Rows) error {
	rows.Close()
	return rows.Err()
}

func (a *Asked) read(rows pgx.Rows) error {
	_, err := pgx.ForEachRow(rows, []any{&a.tenant, &a.scopes, nil, nil, nil}, func() error {
		a.found = true
		return nil
	})
	return err
}

// Within returns the key at work, once the batch was sent. It may do that of its scopes which its maker may do now. Member says
// whether that one is still a member of the workspace: if not, the key is none.
func (a *Asked) Within(makers authz.Set, member bool) (authz.Principal, error) {
	if !a.found || !member {
		return authz.Principal{}, authz.ErrAnonymous
	}
	set := authz.Set{}
	for _, scope := range a.scopes {
		if p := authz.Permission(scope); makers.Has(p) {
			set[p] = struct{}{}
		}
	}
	a.service.note(a.key)
	return authz.Principal{Kind: authz.Key, ID: a.key.UUID(), Tenant: a.tenant, Permissions: set}, nil
}

// flushEvery is how long uses are collected, of however many requests, before one statement stores them. What a process has
// collected when it ends is lost.
const flushEvery = 10 * time.Second

// note remembers that a key was used.
func (s *Service) note(key KeyID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.used == nil {
		s.used = map[KeyID]bool{}
		time.AfterFunc(flushEvery, func() {
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
			defer cancel()
			_ = s.flush(ctx) // the next use is noted again
		})
	}
	s.used[key] = true
}

// flush stores the uses that were collected.
func (s *Service) flush(ctx context.Context) error {
	s.mu.Lock()
	used := s.used
	s.used = nil
	s.mu.Unlock()
	var keys []string
	for key := range used {
		keys = append(keys, key.UUID().String())
	}
	return s.across.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update apikeys.keys set last_used_at = now() where id = any ($1::uuid[])`, keys)
		return err
	})
}
