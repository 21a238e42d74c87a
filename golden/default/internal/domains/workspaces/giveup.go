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

// GiveUp prepares the erasure of a user, so that no workspace is left without an owner: one that nobody else is in is deleted;
// where others are it is refused, with ErrLastOwner and the list. In the unit of the erasure this holds until the commit.
func GiveUp(ctx context.Context, database *db.DB, user id.UUID) error {
	const owned = `select tenant_id as tenant from workspaces.members where user_id = $1 and role = $2 order by 1`
	found, err := db.All[struct{ Tenant id.UUID }](ctx, db.AcrossTenants(database, "a user is erased"), owned, user, string(authz.Owner))
	if err != nil {
		return fmt.Errorf("find the workspaces of the user: %w", err)
	}
	stuck := ""
	for _, w := range found {
		err := database.As("workspaces").InTx(authz.With(ctx, authz.System(w.Tenant)), func(ctx context.Context, tx pgx.Tx) error {
			left, err := giveUp(ctx, tx, user)
			if !left {
				stuck += "\n    " + id.FromUUID[workspaceKind](w.Tenant).String()
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	if stuck != "" {
		return fmt.Errorf("%w, or delete it:%s", ErrLastOwner, stuck)
	}
	return nil
}

// giveUp deletes the workspace if nobody but the user is in it, and says whether the user may be taken out.
func giveUp(ctx context.Context, tx pgx.Tx, user id.UUID) (left bool, err error) {
	locked, err := one[Workspace](ctx, tx, findWorkspace+` for no key update`)
	if errors.Is(err, ErrNotFound) {
		return true, nil // it is deleted
	}
	if err != nil {
		return false, err
	}
	var others, owners int
	const count = `select count(*), count(*) filter (where role = $2) from workspaces.members where user_id <> $1`
	if err := tx.QueryRow(ctx, count, user, string(authz.Owner)).Scan(&others, &owners); err != nil {
		return false, fmt.Errorf("count members: %w", err)
	}
	if others > 0 {
		return owners > 0, nil
	}
	if _, err := tx.Exec(ctx, `update workspaces.workspaces set deleted_at = now()`); err != nil {
		return false, fmt.Errorf("delete workspace: %w", err)
	}
	return true, record(ctx, tx, happened{kind: "workspace_deleted", Subject: locked.ID.String()})
}
