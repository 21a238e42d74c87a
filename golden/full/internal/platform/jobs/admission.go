package jobs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"example.com/myapp/internal/platform/db"
)

// ErrBehind is the answer to a request that asks for a job that can wait, while others of its queue have waited too long.
var ErrBehind = errors.New("too much of this kind is waiting")

// Admission keeps requests from enqueuing more of what the workers do not get to. What is refused can wait: jobs of the queues
// Low and Bulk. Jobs that jobs and schedules enqueue are never refused, since nobody is there to try again.
type Admission struct {
	database *db.DB
	most     time.Duration
	now      func() time.Time

	// next is when the queues are looked at again, in nanoseconds; who moves it on looks.
	next atomic.Int64

	// behind are the queues whose oldest job has waited for more than most.
	behind atomic.Pointer[[]string]
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
)

// behind finds those of the queues $1 of which a job has waited for more than $2 seconds: one that the engine has and no worker has
// taken, or one of the next hundred, among them the oldest of each tenant.
const behind = `
	select queue from unnest($1::text[]) as asked (queue)
	where least(
		(select min(run_at) from jobs.jobs j where j.queue = asked.queue and pushed_at is not null and xmax = 0),
		(select min(run_at) from (
			select run_at from jobs.jobs j where j.queue = asked.queue and pushed_at is null and turn is not null
			order by turn limit 100
		) next)
	) < now() - make_interval(secs => $2)`

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
	found, err := db.All[struct{ Queue string }](ctx, a.database, behind, []string{Low, Bulk}, a.most.Seconds())
	if err != nil {
		return
	}
	var queues []string
	for _, row := range found {
		queues = append(queues, row.Queue)
	}
	a.behind.Store(&queues)
}

// admit refuses a job of a queue that is behind, if a request asks for it.
func admit(ctx context.Context, queue string) error {
	a, _ := ctx.Value(admissionKey{}).(*Admission)
	if a == nil {
		return nil
	}
	if queues := a.behind.Load(); queues != nil && slices.Contains(*queues, queue) {
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
