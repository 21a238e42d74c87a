package idempotency

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/httpx"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Schema is the part of the database that holds the keys.
func Schema() db.Schema {
	return db.NewSchema("idempotency", migrations)
}

const (
	// ttl is how long an answer is kept.
	ttl = 72 * time.Hour

	// freeTimeout bounds the giving back of a claim, which must be tried although the request is over.
	freeTimeout = 2 * time.Second
)

type store struct {
	db    *db.DB
	lease time.Duration
}

// stored is what is known of an earlier request.
type stored struct {
	request []byte
	status  *int
	headers map[string]string
	body    []byte
}

// claim takes the request, or returns what there is of an earlier one that holds or has finished it.
func (s store) claim(ctx context.Context, c *claim) (earlier *stored, err error) {
	const take = `
		insert into idempotency.keys as k (id, request_hash, locked_until) values ($1, $2, now() + $3::interval)
		on conflict (id) do update set attempt = default, request_hash = excluded.request_hash, created_at = excluded.created_at,
			locked_until = excluded.locked_until, status = null, headers = null, body = null
		where k.created_at < now() - $4::interval
			or k.status is null and k.locked_until < now() and k.request_hash = excluded.request_hash
		returning attempt`
	const look = `select request_hash, status, headers, body from idempotency.keys where id = $1` // the insert has locked it
	err = s.db.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		err := tx.QueryRow(ctx, take, c.id, c.request, s.lease, ttl).Scan(&c.attempt)
		if !db.NotFound(err) {
			return err
		}
		earlier = &stored{}
		return tx.QueryRow(ctx, look, c.id).Scan(&earlier.request, &earlier.status, &earlier.headers, &earlier.body)
	})
	if err != nil {
		return nil, fmt.Errorf("claim an idempotency key: %w", err)
	}
	return earlier, nil
}

// finish stores the answer, or gives the claim back where the next try may have another. It fails if another has taken over.
func finish(ctx context.Context, tx pgx.Tx, c *claim, a *answer) error {
	const keep = `update idempotency.keys set status = $3, headers = $4, body = $5 where id = $1 and attempt = $2`
	query, args := keep, []any{c.id, c.attempt}
	if a.passing() {
		query = `delete from idempotency.keys where id = $1 and attempt = $2`
	} else {
		headers, body := a.kept()
		args = append(args, a.code(), headers, body)
	}
	tag, err := tx.Exec(ctx, query, args...)
	if err == nil && tag.RowsAffected() == 0 {
		return errInProgress
	}
	return err
}

// free gives the claim back, unless it is another's by now or the request was finished after all. Where it fails the lease runs out.
func (s store) free(ctx context.Context, c *claim) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), freeTimeout)
	defer cancel()
	_ = s.db.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `delete from idempotency.keys where id = $1 and attempt = $2 and status is null`, c.id, c.attempt)
		return err
	})
}

// replay answers with what was answered before, or returns why that cannot be.
func (s *stored) replay(w http.ResponseWriter, c *claim) error {
	switch {
	case !bytes.Equal(s.request, c.request):
		return httpx.NewProblem(http.StatusUnprocessableEntity, "idempotency_key_reused",
			"another request had this Idempotency-Key")
	case s.status == nil:
		return errInProgress
	case s.body == nil:
		return httpx.NewProblem(http.StatusConflict, "idempotency_answer_not_stored",
			fmt.Sprintf("it was done and answered with %d; the rest of the answer is not kept", *s.status))
	}
	for name, value := range s.headers {
		w.Header().Set(name, value)
	}
	w.Header().Set("Idempotency-Replayed", "true")
	w.WriteHeader(*s.status)
	_, _ = w.Write(s.body) // the client has gone: it can ask again
	return nil
}
