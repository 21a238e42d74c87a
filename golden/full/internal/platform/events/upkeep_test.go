package events

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/jobs"
)

// year is a history without a month, and a clock.
type year struct {
	t        *testing.T
	database *db.DB
	mux      *jobs.Mux
}

func newYear(t *testing.T) *year {
	t.Helper()
	t.Parallel()
	y := &year{t: t, database: dbtest.New(t, jobs.Schema(), Schema()), mux: jobs.NewMux()}
	for _, month := range y.months() {
		y.exec(`drop table events.` + month)
	}
	return y
}

func (y *year) exec(sql string, args ...any) {
	y.t.Helper()
	if err := y.database.InTx(y.t.Context(), dbtest.Exec(sql, args...)); err != nil {
		y.t.Fatalf("%s: %v", sql, err)
	}
}

// at makes and drops months, as is done each hour, as if it were then. Events are kept for 60 days.
func (y *year) at(date string) {
	y.t.Helper()
	now, err := time.Parse(time.DateOnly, date)
	if err != nil {
		y.t.Fatal(err)
	}
	const upkeep = `select events.upkeep($1, interval '60 days')`
	err = y.database.As(schemaName).InTx(y.t.Context(), dbtest.Exec(upkeep, now))
	if err != nil {
		y.t.Fatal(err)
	}
}

// happens puts an event into the history, and into an inbox, as if it had happened then.
func (y *year) happens(date string) {
	y.t.Helper()
	y.exec(`insert into events.events (id, type, payload, depth, request_id, traceparent, occurred_at)
		values (gen_random_uuid(), 'a.b.v1', '{}', 0, '', '', $1)`, date)
	y.exec(`insert into events.inbox (event_id, subscriber, occurred_at, replayed) values (gen_random_uuid(), 'a.b', $1, false)`, date)
}

// months are the partitions for months.
func (y *year) months() []string {
	y.t.Helper()
	return dbtest.Value[[]string](y.t, y.database, `select coalesce(array_agg(c.relname::text order by c.relname), '{}')
		from pg_inherits i join pg_class c on c.oid = i.inhrelid
		where i.inhparent in ('events.events'::regclass, 'events.inbox'::regclass) and c.relname !~ '_rest$'`)
}

// rows are the events, each with where it is.
func (y *year) rows() []string {
	y.t.Helper()
	return dbtest.Value[[]string](y.t, y.database, `select coalesce(array_agg(tableoid::regclass || to_char(occurred_at, ' DD') order by occurred_at), '{}')
		from events.events`)
}

func (y *year) want(what string, want, got []string) {
	y.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		y.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestMonthsAreMadeAheadAndDroppedWhenAllOfThemIsTooOld(t *testing.T) {
	y := newYear(t)
	y.at("2030-11-05")
	y.want("in November", []string{"events_2030_11", "events_2030_12", "events_2031_01", "inbox_2030_11", "inbox_2030_12", "inbox_2031_01"}, y.months())
	for _, date := range []string{"2030-11-01", "2030-11-30", "2030-12-01"} {
		y.happens(date)
	}
	y.at("2031-01-29") // the end of November is 59 days ago
	y.want("kept", []string{"events.events_2030_11 01", "events.events_2030_11 30", "events.events_2030_12 01"}, y.rows())
	y.at("2031-01-30")
	y.want("then", []string{"events.events_2030_12 01"}, y.rows())
	y.want("months", []string{
		"events_2030_12", "events_2031_01", "events_2031_02", "events_2031_03",
		"inbox_2030_12", "inbox_2031_01", "inbox_2031_02", "inbox_2031_03",
	}, y.months())
	if n := dbtest.Value[int](t, y.database, `select count(*) from events.inbox`); n != 1 {
		t.Errorf("%d rows of the inbox", n)
	}
}

func TestAnEventOfAMonthThatNobodyMadeIsTaken(t *testing.T) {
	y := newYear(t)
	y.happens("2030-11-07")
	y.at("2030-11-08")
	y.happens("2030-11-09")
	y.want("the month is not made behind its rows", []string{"events.events_rest 07", "events.events_rest 09"}, y.rows())
	y.want("the next are", []string{"events_2030_12", "events_2031_01", "inbox_2030_12", "inbox_2031_01"}, y.months())
	y.at("2031-01-07")
	y.want("what is too old", []string{"events.events_rest 09"}, y.rows())
}

func TestAMonthIsMadeWhileOthersPublish(t *testing.T) {
	y := newYear(t)
	y.at("2030-11-05")
	err := y.database.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into events.events (id, type, payload, depth, request_id, traceparent, occurred_at)
			values (gen_random_uuid(), 'a.b.v1', '{}', 0, '', '', '2030-11-06')`)
		y.at("2030-12-01") // would wait for this transaction, and end at the limit of the test
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if months := y.months(); months[len(months)-1] != "inbox_2031_02" {
		t.Errorf("months: %v", months)
	}
}

func TestWhoDoesNotListenAnyLongerIsTakenOffTheList(t *testing.T) {
	y := newYear(t)
	On(y.mux, y.database, "walls.paint_shop", func(context.Context, pgx.Tx, sold) error { return nil })
	old := jobs.NewMux()
	On(old, y.database, "walls.insurance", func(context.Context, pgx.Tx, sold) error { return nil })
	for _, mux := range []*jobs.Mux{y.mux, old} {
		if err := Subscribe(t.Context(), y.database, mux); err != nil {
			t.Fatal(err)
		}
	}
	listeners := func() string {
		return dbtest.Value[string](t, y.database, `select coalesce(string_agg(subscriber || ' ' || type, ', ' order by subscriber), '') from events.subscriptions`)
	}
	maintained := func(ctx context.Context, tx pgx.Tx) error { return maintain(ctx, tx, y.mux, 24*time.Hour) }
	if err := y.database.As(schemaName).InTx(t.Context(), maintained); err != nil {
		t.Fatal(err)
	}
	if got, want := listeners(), "walls.insurance walls.sold.v1, walls.paint_shop walls.sold.v1"; got != want {
		t.Errorf("after the roll-out %s, want %s", got, want)
	}
	y.exec(`update events.subscriptions set seen_at = now() - interval '25 hours'`)
	if err := y.database.As(schemaName).InTx(t.Context(), maintained); err != nil {
		t.Fatal(err)
	}
	if got, want := listeners(), "walls.paint_shop walls.sold.v1"; got != want {
		t.Errorf("a day later %s, want %s", got, want)
	}
}

// sold is an event of the domain that the tests play.
type sold struct{}

func (sold) EventType() string { return "walls.sold.v1" }
