package apikeys

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/jobs"
)

// Jobs adds what becomes of keys that work no longer.
func (s *Service) Jobs(mux *jobs.Mux) {
	events.On(mux, s.db, "apikeys.revoke_of_member", revokeOf)
	jobs.Handle(mux, s.across, forget)
	jobs.Every(mux, "apikeys.forget", jobs.Interval(24*time.Hour), forgetKeys{})
}

// memberLeft tells that a user is no member of the workspace any longer.
type memberLeft struct {
	UserID UserID `json:"user_id"`
}

// EventType implements events.Event.
func (memberLeft) EventType() string { return "workspaces.member_left.v1" }

// revokeOf revokes the keys of whoever has left, and leaves alone those that he made after he had come back. They worked no longer
// from the moment on in which he left; now nobody sees them in the list either.
func revokeOf(ctx context.Context, tx pgx.Tx, left memberLeft) error {
	delivery, _ := events.From(ctx)
	const revoke = `delete from apikeys.keys where created_by = $1 and created_at <= $2 returning id`
	rows, _ := tx.Query(ctx, revoke, left.UserID, delivery.OccurredAt) // its error is that of CollectRows
	keys, err := pgx.CollectRows(rows, pgx.RowTo[KeyID])
	if err != nil {
		return fmt.Errorf("revoke keys: %w", err)
	}
	for _, key := range keys {
		if err := audit.Record(ctx, tx, entry("revoked", key, map[string]string{"because": "its maker left"})); err != nil {
			return err
		}
	}
	return nil
}

// forgetKeys is done each day.
type forgetKeys struct{}

// Kind implements jobs.Job.
func (forgetKeys) Kind() string { return "apikeys.forget" }

// forget deletes the keys that have been over for so long that nobody asks any more why a program was refused.
func forget(ctx context.Context, tx pgx.Tx, _ forgetKeys) error {
	_, err := tx.Exec(ctx, `delete from apikeys.keys where expires_at < now() - interval '30 days'`)
	return err
}
