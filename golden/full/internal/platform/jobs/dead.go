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
	ID string `json:"id"`

	// Kind and Queue are as they were enqueued.
	Kind  string `json:"kind"`
	Queue string `json:"queue"`

	// Payload is the JSON of the job.
	Payload json.RawMessage `json:"payload"`

	// Attempts is how often it was tried.
	Attempts int `json:"attempts"`

	// LastError is the chain of errors of the last try.
	LastError string `json:"last_error"`

	// Errors has a line for each try, oldest first: when it failed, its number, and the first line of its error. They are
	// 32 at most, and go on counting from 1 after a retry.
	Errors []string `json:"errors"`

	// RequestID is that of the request that caused the job, or "".
	RequestID string `json:"request_id"`

	// TenantID and ActorID are those for whom it was enqueued and who caused it, or "".
	TenantID string `json:"tenant_id"`
	ActorID  string `json:"actor_id"`

	// CreatedAt is when it was enqueued, DiedAt when it was given up.
	CreatedAt time.Time `json:"created_at"`
	DiedAt    time.Time `json:"died_at"`
}

// ErrNoDeadLetter is the answer to the id of no dead letter.
var ErrNoDeadLetter = errors.New("there is no such dead letter")

const selectLetters = `
	select id::text, kind, queue, payload, attempts, last_error, errors, request_id,
		coalesce(tenant_id::text, '') as tenant_id, coalesce(actor_id::text, '') as actor_id, created_at, died_at
	from jobs.dead_letters`

// DeadLetters returns the newest dead letters, at most limit.
func DeadLetters(ctx context.Context, d *db.DB, limit int) ([]DeadLetter, error) {
	letters, err := db.All[DeadLetter](ctx, d.As(schemaName), selectLetters+` order by died_at desc limit $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("list dead letters: %w", err)
	}
	return letters, nil
}

// FindDeadLetter returns one.
func FindDeadLetter(ctx context.Context, d *db.DB, letter string) (DeadLetter, error) {
	key, err := id.ParseUUID(letter)
	if err != nil {
		return DeadLetter{}, fmt.Errorf("show %q: %w", letter, ErrNoDeadLetter)
	}
	found, err := db.One[DeadLetter](ctx, d.As(schemaName), selectLetters+` where id = $1`, key.String())
	if err != nil {
		return DeadLetter{}, fmt.Errorf("show %q: %w", letter, db.Absent(err, ErrNoDeadLetter))
	}
	return found, nil
}

// LetterChange does something to a dead letter, and what also is in the same transaction.
type LetterChange func(ctx context.Context, d *db.DB, letter string, also ...func(context.Context, pgx.Tx) error) error

// Retry makes a job of a dead letter again, due at once and with all its attempts before it.
func Retry(ctx context.Context, d *db.DB, letter string, also ...func(context.Context, pgx.Tx) error) error {
	const revive = `
		with revived as (delete from jobs.dead_letters where id = $1 returning *)
		insert into jobs.jobs (id, kind, queue, payload, last_error, errors, request_id, traceparent, tenant_id, actor_id, created_at)
		select id, kind, queue, payload, last_error, errors, request_id, traceparent, tenant_id, actor_id, created_at from revived`
	return change(ctx, d, "retry", revive, letter, also)
}

// Drop deletes a dead letter. What was to be done is not done.
func Drop(ctx context.Context, d *db.DB, letter string, also ...func(context.Context, pgx.Tx) error) error {
	return change(ctx, d, "drop", `delete from jobs.dead_letters where id = $1`, letter, also)
}

// change executes a statement whose parameter is the id of a dead letter.
func change(ctx context.Context, d *db.DB, verb, statement, letter string, also []func(context.Context, pgx.Tx) error) error {
	key, err := id.ParseUUID(letter)
	if err != nil {
		return fmt.Errorf("%s %q: %w", verb, letter, ErrNoDeadLetter)
	}
	return d.As(schemaName).InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, statement, key.String())
		if err == nil && tag.RowsAffected() == 0 {
			err = ErrNoDeadLetter
		}
		for _, do := range also {
			if err == nil {
				err = do(ctx, tx)
			}
		}
		if err != nil {
			return fmt.Errorf("%s %q: %w", verb, letter, err)
		}
		return nil
	})
}
