package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
)

// DeadLetter is a job that was given up.
type DeadLetter struct {
	// ID is the job's, and again when it is retried.
	ID string

	// Kind and Queue are as they were enqueued.
	Kind, Queue string

	// Payload is the JSON of the job.
	Payload json.RawMessage

	// Attempts is how often it was tried.
	Attempts int

	// Error is the chain of errors of the last try.
	Error string

	// RequestID is that of the request that caused the job, or "".
	RequestID string

	// CreatedAt is when it was enqueued, DiedAt when it was given up.
	CreatedAt, DiedAt time.Time
}

// ErrNoDeadLetter is the answer to the id of no dead letter.
var ErrNoDeadLetter = errors.New("there is no such dead letter")

// DeadLetters returns the newest dead letters, at most limit.
func DeadLetters(ctx context.Context, d *db.DB, limit int) (letters []DeadLetter, err error) {
	const list = `
		select id::text, kind, queue, payload, attempts, last_error, request_id, created_at, died_at
		from jobs.dead_letters order by died_at desc limit $1`
	err = d.As(schemaName).Read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, list, limit)
		if err != nil {
			return err
		}
		letters, err = pgx.CollectRows(rows, pgx.RowToStructByPos[DeadLetter])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list dead letters: %w", err)
	}
	return letters, nil
}

// Retry makes a job of a dead letter again, due at once and with all its attempts before it.
func Retry(ctx context.Context, d *db.DB, letter string) error {
	const revive = `
		with revived as (delete from jobs.dead_letters where id = $1 returning *)
		insert into jobs.jobs (id, kind, queue, payload, last_error, request_id, tenant_id, actor_id, created_at)
		select id, kind, queue, payload, last_error, request_id, tenant_id, actor_id, created_at from revived`
	key, err := id.ParseUUID(letter)
	if err != nil {
		return fmt.Errorf("retry %q: %w", letter, ErrNoDeadLetter)
	}
	return d.As(schemaName).InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, revive, key)
		if err != nil {
			return fmt.Errorf("retry %q: %w", letter, err)
		}
		if tag.RowsAffected() == 0 {
			return fmt.Errorf("retry %q: %w", letter, ErrNoDeadLetter)
		}
		return nil
	})
}
