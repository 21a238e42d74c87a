package jobstest

import (
	"context"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
)

// backlog is how many jobs one tenant enqueues at once: 100,000 where SOAK is set.
func backlog() int {
	if os.Getenv("SOAK") != "" {
		return 100_000
	}
	return 2_000
}

// The second tenant comes when all workers are busy with the first one's jobs, and the engine has been given as many as it takes.
// From then on the jobs are counted that begin before that of the second. One ends at a time, so that no worker begins another one
// while that of the second is taken.
func fair(t *testing.T, p Provider) {
	s := New(t, p)
	const free = 50 // these run before all workers are held
	first, second := id.New(), id.New()
	var begun atomic.Int64
	full, end, passed := make(chan struct{}), make(chan struct{}), make(chan int64, 1)
	s.Handle(func(ctx context.Context, _ pgx.Tx, _ Probe) error {
		if authz.From(ctx).Tenant == second {
			passed <- begun.Load() - free - Workers
			return nil
		}
		n := begun.Add(1)
		if n == free+Workers {
			close(full)
		}
		if n > free {
			<-end
		}
		return nil
	})
	s.Exec(t, `
		insert into jobs.jobs (id, kind, queue, payload, tenant_id)
		select gen_random_uuid(), $1, 'default', '{"Number": 1}', $2 from generate_series(1, $3)`, Probe{}.Kind(), first, backlog())
	s.Run(t)
	<-full
	s.EnqueueFor(authz.With(t.Context(), authz.System(second)), t, 2, 2)
	most := int64(p.Ahead + Workers + 1)
	for begun.Load() <= free+Workers+most && len(passed) == 0 {
		before := begun.Load()
		end <- struct{}{}
		for begun.Load() == before && len(passed) == 0 {
			time.Sleep(time.Millisecond)
		}
	}
	close(end)
	s.Await(t, free+Workers)
	if n := <-passed; n > most {
		t.Errorf("%d jobs of a tenant with %d went before the job of another, want at most %d", n, backlog(), most)
	}
}

// A job of each queue, and behind them a backlog of critical ones, come when all workers are busy. Jobs end so slowly that the engine
// has always been given as many as it takes. Those are counted that begin before each of the three.
func everyQueueGoesOn(t *testing.T, p Provider) {
	s := New(t, p)
	const backlog, lower = 1000, -1
	// While one is let through, which is a transaction, the others go on.
	most, after := int64(p.Ahead+4*jobs.Share), jobs.Ours()[1:]
	var begun atomic.Int64
	end, passed := make(chan struct{}), make(chan int64, len(after))
	s.Handle(func(_ context.Context, _ pgx.Tx, job Probe) error {
		if n := begun.Add(1); job.Number == lower {
			passed <- n
		}
		<-end
		return nil
	})
	s.Enqueue(t, 1, Workers)
	s.Run(t)
	for begun.Load() < Workers {
		time.Sleep(time.Millisecond)
	}
	for _, queue := range after {
		s.Enqueue(t, lower, lower, jobs.Queue(queue))
	}
	s.handedOver(t)
	s.Enqueue(t, 1, backlog, jobs.Queue(jobs.Critical))
	for begun.Load() <= most && len(passed) < len(after) {
		for s.number(t, `select count(*) from jobs.jobs where pushed_at is not null`) < p.Ahead {
			time.Sleep(time.Millisecond)
		}
		for range Workers {
			end <- struct{}{}
		}
	}
	close(end)
	s.Await(t, Workers+len(after)+backlog)
	for range after {
		if n := <-passed; n > most {
			t.Errorf("a job was the %dth that began, want the %dth at the latest", n, most)
		}
	}
}
