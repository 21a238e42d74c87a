package events

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
)

// Filter chooses events. What is not set chooses all.
type Filter struct {
	Type   string
	Tenant *id.UUID
	Since  time.Time
}

// Recorded is an event as it is kept, in words; what there is none of is "-".
type Recorded struct {
	ID, At, Type, Tenant, Actor, Cause, Request, Payload string
}

// asJobs is the role that sees the deliveries, which are jobs, and the events of all tenants.
func asJobs(d *db.DB) *db.DB { return d.As(jobs.Schema().Name) }

// List returns the newest events, the newest first, and of them not more than most.
func List(ctx context.Context, d *db.DB, f Filter, most int) ([]Recorded, error) {
	const list = `
		select id::text, to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at, type,
			coalesce(tenant_id::text, '-') as tenant, coalesce(actor_id::text, '-') as actor, coalesce(causation_id::text, '-') as cause,
			coalesce(nullif(request_id, ''), '-') as request, payload::text
		from events.events
		where ($1 = '' or type = $1) and ($2::uuid is null or tenant_id = $2) and occurred_at >= $3
		order by events.id desc limit $4`
	return db.All[Recorded](ctx, asJobs(d), list, f.Type, f.Tenant, f.Since, most)
}

// Told is what became of a delivery.
type Told struct {
	Subscriber string

	// State is pending, working, failed (and is tried again), dead, done or replayed.
	State string

	// At is when it ended, or is tried next.
	At       time.Time
	Attempts int
	Error    string
}

// deliveries are those of one event. A job whose row is locked is being run at this moment.
const deliveries = `
	with job as (select * from jobs.jobs where kind like '%:%' and payload->>'id' = $1::text),
		free as (select id from jobs.jobs where id in (select id from job) for update skip locked)
	select split_part(kind, ':', 1) as subscriber, case when id not in (select id from free) then 'working'
		when attempts > 0 then 'failed' else 'pending' end as state, run_at as at, attempts, last_error as error from job
	union all
	select split_part(kind, ':', 1), 'dead', died_at, attempts, last_error from jobs.dead_letters
	where kind like '%:%' and payload->>'id' = $1::text
	union all
	select subscriber, case when replayed then 'replayed' else 'done' end, done_at, 0, '' from events.inbox where event_id = $1::uuid
	order by subscriber, at`

// Deliveries returns what became of those of an event, which may be none.
func Deliveries(ctx context.Context, d *db.DB, event id.UUID) (found []Told, err error) {
	err = asJobs(d).InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, deliveries, event.String()) // its error is that of CollectRows
		found, err = pgx.CollectRows(rows, pgx.RowToStructByName[Told])
		return err
	})
	return found, err
}

// Backlog is what a subscriber has before it.
type Backlog struct {
	Subscriber string

	// Pending are all deliveries that are not done, Failed those of them that have failed once or more, Dead those given up.
	Pending, Failed, Dead int

	// Oldest is when the oldest pending one was enqueued; now, if there is none.
	Oldest time.Time
}

const backlogs = `
	with waiting as (
		select split_part(kind, ':', 1) as subscriber, count(*) as pending, count(*) filter (where attempts > 0) as failed, min(created_at) as oldest
		from jobs.jobs where kind like '%:%' group by 1
	), given_up as (
		select split_part(kind, ':', 1) as subscriber, count(*) as dead from jobs.dead_letters where kind like '%:%' group by 1
	)
	select subscriber, coalesce(pending, 0) as pending, coalesce(failed, 0) as failed, coalesce(dead, 0) as dead, coalesce(oldest, now()) as oldest
	from (select distinct subscriber from events.subscriptions) s full join waiting using (subscriber) full join given_up using (subscriber)
	order by subscriber`

// Backlogs returns those of all who listen, and of those who did and have deliveries left.
func Backlogs(ctx context.Context, d *db.DB) ([]Backlog, error) {
	return db.All[Backlog](ctx, asJobs(d), backlogs)
}
