package jobs

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/id"
)

// cluster is several workers' crons on one database and one clock, which stands still.
type cluster struct {
	*fixture

	clock time.Time
	crons []*cron
}

func newCluster(t *testing.T, workers int) *cluster {
	t.Helper()
	c := &cluster{fixture: setUp(t), clock: time.Date(2020, 1, 1, 0, 30, 0, 0, time.UTC)}
	c.handle(func(context.Context, pgx.Tx, probe) error { return nil })
	Every(c.mux, "hourly", Interval(time.Hour), probe{"a"}, Queue(Low))
	for range workers {
		one := newCron(c.database.As(schemaName), c.mux)
		one.now = func() time.Time { return c.clock }
		c.crons = append(c.crons, one)
	}
	c.look()
	return c
}

// look lets all workers look at the clock at once, twice, and returns how many jobs there are.
func (c *cluster) look() int {
	c.t.Helper()
	var group sync.WaitGroup
	for _, one := range c.crons {
		group.Go(func() {
			for range 2 {
				if _, err := one.tick(c.t.Context()); err != nil {
					c.t.Error(err)
				}
			}
		})
	}
	group.Wait()
	return query[int](c.fixture, `select count(*) from jobs.jobs`)[0]
}

func TestOfThreeWorkersOneEnqueuesTheJobOfATick(t *testing.T) {
	c := newCluster(t, 3)
	for want := range 10 {
		if got := c.look(); got != want {
			t.Fatalf("after %d ticks there are %d jobs", want, got)
		}
		c.clock = c.clock.Add(time.Hour)
	}
	if got := query[string](c.fixture, `select distinct concat_ws(' ', kind, queue, tenant_id) from jobs.jobs`); len(got) != 1 || got[0] != "probe.note low" {
		t.Errorf("the jobs are %v", got)
	}
}

func TestTicksGoOnWhenAWorkerStops(t *testing.T) {
	c := newCluster(t, 3)
	for want := range 3 {
		c.crons = c.crons[min(want, 1):]
		c.clock = c.clock.Add(time.Hour)
		if got := c.look(); got != want+1 {
			t.Fatalf("with %d workers there are %d jobs, want %d", len(c.crons), got, want+1)
		}
	}
}

func TestTicksThatWereMissedAreOne(t *testing.T) {
	c := newCluster(t, 3)
	c.clock = c.clock.Add(100 * time.Hour)
	if got := c.look(); got != 1 {
		t.Errorf("%d jobs", got)
	}
}

func TestAWorkerThatStartsAnewRepeatsNoTick(t *testing.T) {
	c := newCluster(t, 1)
	c.clock = c.clock.Add(time.Hour)
	c.look()
	c.crons[0].seen = map[string]time.Time{}
	c.look()
	c.crons[0].seen = map[string]time.Time{}
	c.clock = c.clock.Add(-time.Hour) // its clock is behind
	if got := c.look(); got != 1 {
		t.Errorf("%d jobs", got)
	}
}

func TestAWorkerWhoseClockIsAYearAheadStopsNoSchedule(t *testing.T) {
	c := newCluster(t, 1)
	ahead := newCron(c.database.As(schemaName), c.mux)
	ahead.now = func() time.Time { return time.Now().Add(365 * 24 * time.Hour) }
	c.crons = append(c.crons, ahead)
	for want := range 3 {
		c.clock = c.clock.Add(time.Hour)
		if got := c.look(); got != want+1 {
			t.Fatalf("there are %d jobs, want %d", got, want+1)
		}
	}
}

func TestAWorkerWhoseClockIsSetBackGoesOnWithWhatIsDue(t *testing.T) {
	c := newCluster(t, 1)
	c.clock = time.Now().Add(365 * 24 * time.Hour)
	if got := c.look(); got != 0 {
		t.Fatalf("%d jobs a year early", got)
	}
	c.clock = time.Now()
	if got := c.look(); got != 1 {
		t.Errorf("%d jobs", got)
	}
}

func TestATickWhoseTransactionFailsIsNotLost(t *testing.T) {
	c := newCluster(t, 1)
	c.clock = c.clock.Add(time.Hour)
	c.exec(`alter table jobs.ticks rename to away`)
	if _, err := c.crons[0].tick(t.Context()); err == nil {
		t.Error("a tick without its table succeeded")
	}
	c.exec(`alter table jobs.away rename to ticks`)
	if got := c.look(); got != 1 {
		t.Errorf("%d jobs", got)
	}
}

func TestAJobOfNoTenantIsDoneByTheProgram(t *testing.T) {
	c := newCluster(t, 1)
	var who authz.Principal
	c.mux.handlers = map[string]handler{}
	c.handle(func(ctx context.Context, _ pgx.Tx, _ probe) error {
		who = authz.From(ctx)
		return nil
	})
	c.clock = c.clock.Add(time.Hour)
	c.look()
	if err := c.run(t.Context(), query[string](c.fixture, `select id::text from jobs.jobs`)[0]); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(authz.System(id.UUID{}), who); diff != "" {
		t.Error(diff)
	}
}
