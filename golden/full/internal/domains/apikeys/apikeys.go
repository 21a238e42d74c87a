// Package apikeys lets programs act in a workspace, by keys that its members make for them.
//
//	create -> sk_live_..., shown once -> Authorization: Bearer -> authz.Principal
//
// A key may do what it was made for, and of that what whoever made it may still do: who leaves takes his keys with him. The
// database holds an HMAC of a key, whose own key it does not hold in plain. A text of the wrong form or checksum is refused
// before anybody is asked; docs/api-keys.md has the form, for scanners of leaked secrets.
package apikeys

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/crypto"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/secret"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Schema is the part of the database that this domain owns.
func Schema() db.Schema { return db.NewSchema("apikeys", migrations) }

// The errors of the contract.
var (
	ErrNotFound = errors.New("no key of this workspace has this id")
	ErrName     = errors.New("a name is one line of 1 to 100 characters")
	ErrScopes   = errors.New("a key has at least one scope, each of them once")
	ErrBeyond   = errors.New("nobody makes a key that may do what he may not")
	ErrMany     = fmt.Errorf("a workspace has at most %d keys that work; revoke one first", maxKeys)
)

// What may be permitted here.
const (
	readKey  authz.Permission = "apikeys.key.read"
	writeKey authz.Permission = "apikeys.key.write"
)

// Permissions are what this domain guards.
func (*Service) Permissions() []authz.Grant {
	return []authz.Grant{
		{Permission: readKey, Least: authz.Admin, Doc: "See the API keys"},
		{Permission: writeKey, Least: authz.Admin, Doc: "Make, rotate and revoke API keys"},
	}
}

type (
	keyKind  struct{}
	userKind struct{}

	// KeyID names a key. It is no secret, and stands in the key.
	KeyID = id.ID[keyKind]

	// UserID names a user, as the domain does that knows the users.
	UserID = id.ID[userKind]
)

func (keyKind) Prefix() string { return "key" }

func (userKind) Prefix() string { return "user" }

// Key is one of the keys of a workspace.
type Key struct {
	ID         KeyID      `json:"id"`
	Name       string     `json:"name"`
	State      string     `json:"state" enum:"active,expired" doc:"One that is over is shown for 30 days more"`
	Scopes     []string   `json:"scopes" nullable:"false" doc:"What it may do, as far as its maker may"`
	CreatedBy  UserID     `json:"created_by"`
	CreatedAt  time.Time  `json:"created_at"`
	ExpiresAt  time.Time  `json:"expires_at"`
	LastUsedAt *time.Time `json:"last_used_at" doc:"To within some seconds"`
}

const columns = `
	id, name, case when expires_at > now() then 'active' else 'expired' end as state, scopes, created_by, created_at, expires_at, last_used_at`

// recentProof is how old a proof may be of who makes a key, which lives longer than a session.
const recentProof = 15 * time.Minute

// maxKeys is how many keys of a workspace work at once: less than a list shows, so that there is none that nobody sees. Some more
// pass if they are made at the same moment.
const maxKeys = 500

// Options are what the domain is handed.
type Options struct {
	Keys *crypto.Keys

	// Live is for production: a key says in its text whether it is for that.
	Live bool

	// Changed is told of workspaces whose keys have changed.
	Changed authz.Changed
}

// Service is the domain at work.
type Service struct {
	Options

	db     *db.DB
	across *db.DB

	mu     sync.Mutex
	pepper []byte         // nil until the first key is seen
	used   map[KeyID]bool // whose use is not stored yet
}

// New returns the domain on its part of the database.
func New(database *db.DB, o Options) *Service {
	own := database.As("apikeys")
	return &Service{Options: o, db: own, across: db.AcrossTenants(own, "note when keys were used and forget old ones")}
}

// CreateRequest asks for a key.
type CreateRequest struct {
	Name   string
	Scopes []string
	Life   time.Duration
}

// Create makes a key and returns it with its text, which nobody can find out later.
func (s *Service) Create(ctx context.Context, r CreateRequest) (made Key, text secret.String, err error) {
	odd := !utf8.ValidString(r.Name) || strings.ContainsFunc(r.Name, unicode.IsControl) || strings.ContainsAny(r.Name, "\u2028\u2029")
	if odd || strings.TrimSpace(r.Name) == "" || utf8.RuneCountInString(r.Name) > 100 {
		return Key{}, text, ErrName
	}
	err = s.making(ctx, func(ctx context.Context, tx pgx.Tx) (audit.Entry, error) {
		made, text, err = s.insert(ctx, tx, r)
		return entry("created", made.ID, map[string]string{"scopes": strings.Join(r.Scopes, " ")}), err
	})
	return made, text, err
}

// Rotate makes a key like another one, which goes on working for the overlap. Its maker is the user who acts.
func (s *Service) Rotate(ctx context.Context, old KeyID, overlap time.Duration) (made Key, text secret.String, err error) {
	err = s.making(ctx, func(ctx context.Context, tx pgx.Tx) (audit.Entry, error) {
		const shorten = `
			update apikeys.keys set expires_at = least(expires_at, now() + make_interval(secs => $2))
			where id = $1 and expires_at > now() returning name, scopes, life`
		var r CreateRequest
		if err := tx.QueryRow(ctx, shorten, old, overlap.Seconds()).Scan(&r.Name, &r.Scopes, &r.Life); err != nil {
			return audit.Entry{}, db.Absent(err, ErrNotFound)
		}
		made, text, err = s.insert(ctx, tx, r)
		return entry("rotated", old, map[string]string{"by": made.ID.String()}), err
	})
	return made, text, err
}

// making is for what gives a user the text of a key.
func (s *Service) making(ctx context.Context, fn func(context.Context, pgx.Tx) (audit.Entry, error)) error {
	if err := authz.Check(ctx, writeKey); err != nil {
		return err
	}
	if _, err := authz.CheckUser(ctx); err != nil {
		return err
	}
	if err := authz.CheckRecent(ctx, recentProof); err != nil {
		return err
	}
	return s.audited(ctx, fn)
}

// audited has fn change something, and records last what it returns.
func (s *Service) audited(ctx context.Context, fn func(context.Context, pgx.Tx) (audit.Entry, error)) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		e, err := fn(ctx, tx)
		if err != nil {
			return err
		}
		tenant := authz.From(ctx).Tenant
		db.AfterCommit(ctx, func(ctx context.Context) { s.Changed.Tell(ctx, tenant) })
		return audit.Record(ctx, tx, e)
	})
}

func entry(what string, key KeyID, details map[string]string) audit.Entry {
	return audit.Entry{Action: "apikeys.key_" + what, Subject: key.String(), Details: details}
}

// insert stores a new key of the user who acts.
func (s *Service) insert(ctx context.Context, tx pgx.Tx, r CreateRequest) (made Key, text secret.String, err error) {
	who := authz.From(ctx)
	sorted := slices.Sorted(slices.Values(r.Scopes))
	if len(sorted) == 0 || len(slices.Compact(slices.Clone(sorted))) != len(sorted) {
		return Key{}, text, ErrScopes
	}
	for _, scope := range sorted {
		if !who.Permissions.Has(authz.Permission(scope)) {
			return Key{}, text, fmt.Errorf("%w: %s", ErrBeyond, scope)
		}
	}
	var working int
	if err := tx.QueryRow(ctx, `select count(*) from apikeys.keys where expires_at > now()`).Scan(&working); err != nil {
		return Key{}, text, fmt.Errorf("count keys: %w", err)
	}
	if working >= maxKeys {
		return Key{}, text, ErrMany
	}
	key := id.Make[keyKind]()
	text = newText(s.Live, key)
	hash, err := s.hash(text.Reveal())
	if err != nil {
		return Key{}, text, err
	}
	made, err = db.Row[Key](ctx, tx, `
		insert into apikeys.keys (id, name, hash, scopes, created_by, life, expires_at)
		values ($1, $2, $3, $4, $5, make_interval(secs => $6), now() + make_interval(secs => $6)) returning `+columns,
		key, r.Name, hash, sorted, who.ID, r.Life.Seconds())
	return made, text, err
}

// List returns the keys of the workspace, the newest first, and behind all that work those that are over.
func (s *Service) List(ctx context.Context) ([]Key, error) {
	if err := authz.Check(ctx, readKey); err != nil {
		return nil, err
	}
	return db.All[Key](ctx, s.db, `select `+columns+` from apikeys.keys order by expires_at <= now(), id desc limit 1000`)
}

// Revoke makes a key worth nothing, from the next request on; to other processes, from the next that is not answered from memory.
func (s *Service) Revoke(ctx context.Context, key KeyID) error {
	if err := authz.Check(ctx, writeKey); err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context, tx pgx.Tx) (audit.Entry, error) {
		err := tx.QueryRow(ctx, `delete from apikeys.keys where id = $1 returning id`, key).Scan(&key)
		return entry("revoked", key, nil), db.Absent(err, ErrNotFound)
	})
}
