package workspaces

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
)

// GiveUp takes a user who is to be erased out of all workspaces, so that none is left without an owner: one that nobody else is
// in is deleted; where others are and no owner among them it is refused, with ErrLastOwner and the list. In the unit of the
// erasure this holds until the commit.
func GiveUp(ctx context.Context, database *db.DB, user id.UUID) error {
	const all = `select tenant_id as tenant from workspaces.members where user_id = $1 order by 1`
	found, err := db.All[struct{ Tenant id.UUID }](ctx, db.AcrossTenants(database, "a user is erased"), all, user)
	if err != nil {
		return fmt.Errorf("find the workspaces of the user: %w", err)
	}
	stuck := ""
	for _, w := range found {
		err := database.As("workspaces").InTx(authz.With(ctx, authz.System(w.Tenant)), func(ctx context.Context, tx pgx.Tx) error {
			return giveUp(ctx, tx, id.FromUUID[userKind](user))
		})
		switch {
		case errors.Is(err, ErrLastOwner):
			stuck += "\n    " + id.FromUUID[workspaceKind](w.Tenant).String()
		case err != nil:
			return err
		}
	}
	if stuck != "" {
		return fmt.Errorf("%w, or delete it:%s", ErrLastOwner, stuck)
	}
	return nil
}

// giveUp ends the membership, or deletes the workspace if nobody but the user is in it.
func giveUp(ctx context.Context, tx pgx.Tx, user UserID) error {
	locked, err := one[Workspace](ctx, tx, lockWorkspace)
	if errors.Is(err, ErrNotFound) {
		return nil // it is deleted
	}
	if err != nil {
		return err
	}
	deleted, err := tx.Exec(ctx, `
		update workspaces.workspaces set deleted_at = now() where not exists (select from workspaces.members where user_id <> $1)`, user)
	if err != nil {
		return fmt.Errorf("delete workspace: %w", err)
	}
	if deleted.RowsAffected() > 0 {
		return record(ctx, tx, happened{kind: "workspace_deleted", Subject: locked.ID.String(), event: WorkspaceDeleted{locked.ID}})
	}
	if err := end(ctx, tx, user); err != nil {
		return err
	}
	return record(ctx, tx, happened{kind: "member_left", Subject: user.String(), event: MemberLeft{user}})
}
