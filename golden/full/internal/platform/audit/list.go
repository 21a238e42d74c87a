package audit

import (
	"context"
	"fmt"
	"time"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
)

// Filter chooses entries. What is not set chooses all.
type Filter struct {
	// Tenant is whose chain it is; all zeros is that of no tenant.
	Tenant    *id.UUID
	Subject   string
	RequestID string
}

// Recorded is an entry as it is shown. What is personal stays sealed.
type Recorded struct {
	Tenant    id.UUID
	Seq       int64
	At        time.Time
	Actor     *id.UUID
	Action    string
	Outcome   string
	Subject   string
	Details   string
	RequestID string
}

// List returns the newest entries, the newest first, and of them not more than most. It does not verify them.
func List(ctx context.Context, d *db.DB, f Filter, most int) ([]Recorded, error) {
	const list = `
		select tenant_id as tenant, seq, at, actor_id as actor, action, outcome, subject, details::text as details, request_id
		from audit.entries
		where ($1 = '' or tenant_id = nullif($1, '')::uuid) and ($2 = '' or subject = $2) and ($3 = '' or request_id = $3)
		order by at desc, seq desc limit $4`
	tenant := ""
	if f.Tenant != nil {
		tenant = f.Tenant.String()
	}
	found, err := db.All[Recorded](ctx, across(d), list, tenant, f.Subject, f.RequestID, most)
	if err != nil {
		return nil, fmt.Errorf("list the audit log: %w", err)
	}
	return found, nil
}
