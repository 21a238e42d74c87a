package clock

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/events/eventstest"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/jobstest"
)

// tower is a database with a clock.
type tower struct {
	t        *testing.T
	database *db.DB
	mux      *jobs.Mux
}

func newTower(t *testing.T) *tower {
	t.Helper()
	t.Parallel()
	w := &tower{t: t, database: dbtest.New(t, jobs.Schema(), events.Schema(), Schema()), mux: jobs.NewMux()}
	Jobs(w.mux, w.database)
	return w
}

// exec does something as the owner of the database.
func (w *tower) exec(sql string, args ...any) {
	w.t.Helper()
	if err := w.database.InTx(w.t.Context(), dbtest.Exec(sql, args...)); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

// behind makes it so long ago that the last day was told that so many are to be told now.
func (w *tower) behind(days int) {
	w.t.Helper()
	w.exec(`update clock.last_day set day = (now() at time zone 'UTC')::date - 1 - $1::integer`, days)
}

// run looks at the clock, and runs what is due. It returns how many jobs that were.
func (w *tower) run() int {
	w.t.Helper()
	err := w.database.As(schemaName).InTx(w.t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		return jobs.Enqueue(ctx, tx, tellDays{})
	})
	if err != nil {
		w.t.Fatal(err)
	}
	n, err := jobstest.RunDue(w.t.Context(), w.database, w.mux, slog.New(slog.DiscardHandler))
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// told are the days that were told, in their order, as how many days ago they were.
func (w *tower) told() []int {
	w.t.Helper()
	return dbtest.Value[[]int](w.t, w.database, `
		select coalesce(array_agg((now() at time zone 'UTC')::date - (payload->>'day')::date order by id), '{}') from events.events`)
}

func (w *tower) want(what string, want ...int) {
	w.t.Helper()
	if diff := cmp.Diff(append([]int{}, want...), w.told()); diff != "" {
		w.t.Errorf("%s: days ago that were told (-want +got):\n%s", what, diff)
	}
}

func TestADayIsToldOnceItIsOver(t *testing.T) {
	w := newTower(t)
	w.behind(0)
	w.run()
	w.want("today")
	w.behind(1)
	w.run()
	w.want("a day later", 1)
	w.run()
	w.want("an hour later", 1)
}

func TestAClockThatWasPutBackTellsNothing(t *testing.T) {
	w := newTower(t)
	w.behind(-1)
	w.run()
	w.want("a server whose clock is a day behind")
}

func TestDaysThatPassedWhileNobodyWorkedAreToldInOrder(t *testing.T) {
	w := newTower(t)
	heard := make(chan string, 9)
	events.On(w.mux, w.database, "tower.bell", func(_ context.Context, _ pgx.Tx, e DayPassed) error {
		heard <- e.Day
		return nil
	})
	if err := events.Subscribe(t.Context(), w.database, w.mux); err != nil {
		t.Fatal(err)
	}
	w.behind(3)
	w.run()
	w.want("after three days", 3, 2, 1)
	if len(heard) != 3 {
		t.Errorf("a subscriber heard of %d", len(heard))
	}
}

func TestALongStopIsToldInPartsWithoutAGap(t *testing.T) {
	w := newTower(t)
	w.behind(3*most + 7)
	var want []int
	for day := 3*most + 7; day > 0; day-- {
		want = append(want, day)
	}
	if n := w.run(); n != 4 {
		t.Errorf("%d transactions", n)
	}
	w.want("after months", want...)
}

func TestOfTwoWhoTellADayAtOnceOneDoes(t *testing.T) {
	w := newTower(t)
	w.behind(2)
	clock, second := w.database.As(schemaName), make(chan error, 1)
	telling := func(ctx context.Context, tx pgx.Tx) error { return tell(ctx, tx, tellDays{}) }
	err := clock.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		if err := telling(ctx, tx); err != nil {
			return err
		}
		go func() { second <- clock.InTx(t.Context(), telling) }()
		const waits = `select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')`
		for len(second) == 0 && !dbtest.Value[bool](t, w.database, waits) {
			time.Sleep(time.Millisecond)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-second; err != nil {
		t.Fatal(err)
	}
	w.want("both", 2, 1)
}

func TestADayThatCouldNotBeToldIsToldLater(t *testing.T) {
	w := newTower(t)
	w.behind(1)
	w.exec(`alter table events.events rename to away`)
	w.run()
	w.exec(`alter table events.away rename to events`)
	w.want("without a history")
	w.run()
	w.want("then", 1)
}

func TestNobodyElseMovesTheClock(t *testing.T) {
	w := newTower(t)
	for _, attack := range []string{
		`update clock.last_day set day = day + 1`, `delete from clock.last_day`, `insert into clock.last_day values ('2030-01-01')`,
	} {
		err := w.database.As(events.Schema().Name).InTx(t.Context(), dbtest.Exec(attack))
		if err == nil || !strings.Contains(err.Error(), "SQLSTATE 42501") {
			t.Errorf("%s: got %v, want permission denied", attack, err)
		}
	}
}

func TestTheHourIsLookedAtWhenItIsSureToHavePassed(t *testing.T) {
	for now, want := range map[string]string{
		"00:00:00": "30 23:02", "00:01:59": "30 23:02", "00:02:00": "31 00:02", "00:59:00": "31 00:02", "23:02:00": "31 23:02",
	} {
		at, err := time.Parse(time.DateTime, "2030-01-31 "+now)
		if err != nil {
			t.Fatal(err)
		}
		if got := afterTheHour(at).Format("02 15:04"); got != want {
			t.Errorf("at %s the last look is that of %s, want %s", now, got, want)
		}
	}
}

func TestTheEventKeepsItsForm(t *testing.T) {
	eventstest.Contract(t, DayPassed{Day: "2030-01-31"})
}
