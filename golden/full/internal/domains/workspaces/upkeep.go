package workspaces

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/jobs"
)

// Jobs adds what this domain does later, and each hour.
func (s *Service) Jobs(mux *jobs.Mux) {
	jobs.Handle(mux, s.db, s.sendInvitation)
	jobs.Handle(mux, db.AcrossTenants(s.db, "what is over is deleted"), deleteOver)
	jobs.Every(mux, "workspaces.upkeep", jobs.Interval(time.Hour), upkeep{})
}

// upkeep deletes what is over, in every workspace.
type upkeep struct{}

// Kind implements jobs.Job.
func (upkeep) Kind() string { return "workspaces.upkeep" }

// deleteOver takes members, roles and invitations along with a workspace. What others have of it they delete by themselves, once
// they are told of WorkspaceDeleted.
func deleteOver(ctx context.Context, tx pgx.Tx, _ upkeep) error {
	for _, over := range []string{
		`delete from workspaces.invitations where expires_at < now()`,
		`delete from workspaces.workspaces where deleted_at < now() - interval '30 days'`,
	} {
		if _, err := tx.Exec(ctx, over); err != nil {
			return fmt.Errorf("delete what is over: %w", err)
		}
	}
	return nil
}
