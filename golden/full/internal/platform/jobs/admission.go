package jobs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
)

// ErrBehind is the answer to a request that asks for a job that can wait, while others have waited too long.
var ErrBehind = errors.New("too much of this kind is waiting")

// Admission keeps requests from enqueuing more of what the workers do not get to. What is refused can wait: jobs of the queues
// Low and Bulk. It is refused to the tenants whose own jobs have waited too long, since they wait for each other and nobody waits for
// them; and to everybody where there are many such tenants. Jobs that jobs and schedules enqueue are never refused, since nobody is
// there to try again.
type Admission struct {
	database *db.DB
	most     time.Duration
	now      func() time.Time

	// next is when the queues are looked at again, in nanoseconds; who moves it on looks.
	next atomic.Int64

	// behind is of whom a job has waited for more than most.
	behind atomic.Pointer[map[lane]bool]
}

// NewAdmission returns an Admission that refuses when a job has waited for longer than most. Zero never refuses.
func NewAdmission(d *db.DB, most time.Duration) *Admission {
	return &Admission{database: d.As(schemaName), most: most, now: time.Now}
}

const (
	// lookEvery is how old a reading of the queues may be: a process asks once in that time, however many requests it serves.
	lookEvery = time.Second

	// lookTimeout bounds the wait of the one request that asks. If there is no answer the reading before holds.
	lookTimeout = 200 * time.Millisecond

	// fewTenants is how many may have waited too long each by a backlog of its own. If more have, the workers do not get on.
	fewTenants = 10
)

// behind finds of which tenants in the queues $1 a job has waited for more than $2 seconds: one that the engine has and no worker has
// taken, or one of the next hundred, among them the oldest of each tenant.
const behind = `
	select asked.queue, coalesce(tenant_id::text, '') as tenant from unnest($1::text[]) as asked (queue), lateral (
		select tenant_id, run_at from jobs.jobs j where j.queue = asked.queue and pushed_at is not null and xmax not in (
			select transactionid from pg_locks where locktype = 'transactionid' and mode = 'ExclusiveLock' and granted)
		union all (
			select tenant_id, run_at from jobs.jobs j where j.queue = asked.queue and pushed_at is null and turn is not null
			order by turn limit 100
		)
	) waiting
	where run_at < now() - make_interval(secs => $2) group by 1, 2`

// lane is the jobs of a tenant in a queue. No tenant is "".
type lane struct{ Queue, Tenant string }

const everybody = "everybody"

type admissionKey struct{}

// Handler makes Enqueue ask a in what next does.
func (a *Admission) Handler(next http.Handler) http.Handler {
	if a.most == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.look(r.Context())
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), admissionKey{}, a)))
	})
}

func (a *Admission) look(ctx context.Context) {
	now, next := a.now(), a.next.Load()
	if now.UnixNano() < next || !a.next.CompareAndSwap(next, now.Add(lookEvery).UnixNano()) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	found, err := db.All[lane](ctx, a.database, behind, []string{Low, Bulk}, a.most.Seconds())
	if err != nil {
		return
	}
	lanes, tenants := map[lane]bool{}, map[string]int{}
	for _, l := range found {
		lanes[l] = true
		if tenants[l.Queue]++; tenants[l.Queue] > fewTenants {
			lanes[lane{l.Queue, everybody}] = true
		}
	}
	a.behind.Store(&lanes)
}

// admit refuses a job of a queue that is behind for whoever acts, if a request asks for it.
func admit(ctx context.Context, queue string) error {
	a, _ := ctx.Value(admissionKey{}).(*Admission)
	if a == nil {
		return nil
	}
	mine := lane{queue, ""}
	if tenant := authz.From(ctx).Tenant; !tenant.IsZero() {
		mine.Tenant = tenant.String()
	}
	if lanes := a.behind.Load(); lanes != nil && ((*lanes)[mine] || (*lanes)[lane{queue, everybody}]) {
		return fmt.Errorf("enqueue jobs: %w", behindError{a.most})
	}
	return nil
}

// behindError is ErrBehind with the time after which it is worth another try.
type behindError struct{ most time.Duration }

func (e behindError) Error() string { return ErrBehind.Error() }

func (e behindError) Unwrap() error { return ErrBehind }

// RetryAfter says how long a client waits: a tenth of what a job may wait.
func (e behindError) RetryAfter() time.Duration { return e.most / 10 }
