package events_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
)

// replay runs it, then what is due by it, and returns how many deliveries it made.
func (s *street) replay(r events.Replay) int {
	s.t.Helper()
	n, err := r.Run(s.t.Context(), s.database)
	if err != nil {
		s.t.Fatal(err)
	}
	s.run()
	return n
}

func TestAReplayTellsANewSubscriberAllThatHappenedSince(t *testing.T) {
	s := newStreet(t)
	s.publish(t.Context(), painted{"north", 1, "old"})
	s.exec(`update events.events set occurred_at = occurred_at - interval '1 hour'`)
	ctx, _, tenant := painter(t.Context())
	const many = 1100 // more than two steps
	err := s.domain.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		for i := range many {
			if err := events.Publish(ctx, tx, painted{"north", i, fmt.Sprintf("%04d", i)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.publish(t.Context(), named("walls.sold.v1"))

	s.on("walls.copy", keep)
	since := events.Filter{Since: time.Now().Add(-30 * time.Minute)}
	n, err := events.Replay{To: "walls.copy", Filter: since}.Run(t.Context(), s.database)
	if err != nil || n != many {
		t.Fatalf("%d deliveries, %v", n, err)
	}
	got := dbtest.Value[[]string](t, s.database, `select array[min(payload->'payload'->>'colour'), max(payload->'payload'->>'colour'), count(*)::text,
		string_agg(distinct concat_ws(' ', queue, kind, tenant_id, actor_id, payload->>'replayed'), ',')] from jobs.jobs`)
	want := []string{"0000", "1099", "1100", "low walls.copy:walls.painted.v1 " + tenant.String() + " true"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("deliveries (-want +got):\n%s", diff)
	}
	if n := s.replay(events.Replay{To: "walls.copy", Filter: since, Again: true}); n != 0 {
		t.Errorf("%d deliveries that were pending already were enqueued again", n)
	}
	if diff := cmp.Diff([]string{"north 1099 1099"}, s.texts(`select concat_ws(' ', wall, version, colour) from walls.copies`)); diff != "" {
		t.Errorf("copies (-want +got):\n%s", diff)
	}
}

func TestAReplayFillsGapsAndOnlyAgainRepeats(t *testing.T) {
	s := newStreet(t)
	var replays int
	s.on("walls.paint_shop", func(ctx context.Context, tx pgx.Tx, e painted) error {
		if d, _ := events.From(ctx); d.Replayed {
			replays++
		}
		return note(ctx, tx, e)
	})
	s.on("walls.insurance", func(context.Context, pgx.Tx, painted) error { return nil })
	s.publish(t.Context(), painted{"north", 1, "red"}, painted{"north", 2, "green"}, painted{"north", 3, "blue"})
	s.exec(`delete from jobs.jobs where kind like 'walls.paint_shop:%' and payload->'payload'->>'colour' = 'green'`) // lost, by whatever
	s.run()
	fill := events.Replay{To: "walls.paint_shop", Filter: events.Filter{Since: time.Now().Add(-time.Hour)}}
	for _, want := range []int{1, 0} {
		if n := s.replay(fill); n != want {
			t.Errorf("%d deliveries, want %d", n, want)
		}
	}
	if diff := cmp.Diff([]string{"blue", "green", "red"}, s.effects()); diff != "" || replays != 1 {
		t.Errorf("%d replayed, effects (-want +got):\n%s", replays, diff)
	}
	fill.Again = true
	if n := s.replay(fill); n != 3 || len(s.effects()) != 6 {
		t.Errorf("again: %d deliveries, %d effects", n, len(s.effects()))
	}
}

func TestAReplayIsOfOneTypeAndTenantIfSoAsked(t *testing.T) {
	s := newStreet(t)
	ctx, _, tenant := painter(t.Context())
	s.publish(t.Context(), painted{"north", 1, "nobody's"})
	s.publish(ctx, painted{"north", 1, "tenant's"})
	s.on("walls.paint_shop", note)
	other := id.New()
	for _, f := range []events.Filter{
		{Type: "walls.sold.v1"},
		{Tenant: &other},
		{Since: time.Now().Add(time.Hour)},
	} {
		if n := s.replay(events.Replay{To: "walls.paint_shop", Filter: f}); n != 0 {
			t.Errorf("%+v chooses %d", f, n)
		}
	}
	s.replay(events.Replay{To: "walls.paint_shop", Filter: events.Filter{Type: "walls.painted.v1", Tenant: &tenant}})
	if diff := cmp.Diff([]string{"tenant's"}, s.effects()); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
	_, err := events.Replay{To: "walls.nobody"}.Run(t.Context(), s.database)
	if !errors.Is(err, events.ErrNoSubscriber) {
		t.Errorf("to nobody: %v", err)
	}
}

func TestWhatBecameOfEachDeliveryIsSeen(t *testing.T) {
	s := newStreet(t)
	fails := errors.New("not today")
	var during string
	look := func() string {
		event := dbtest.Value[id.UUID](t, s.database, `select id from events.events`)
		told, err := events.Deliveries(t.Context(), s.database, event)
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, d := range told {
			text += fmt.Sprintf("%s %s %d %s\n", d.Subscriber, d.State, d.Attempts, d.Error)
		}
		return text
	}
	s.on("walls.failing", func(context.Context, pgx.Tx, painted) error { return fails })
	s.on("walls.looking", func(context.Context, pgx.Tx, painted) error {
		during = look()
		return nil
	})
	s.publish(t.Context(), painted{"north", 1, "green"})
	if got, want := look(), "walls.failing pending 0 \nwalls.looking pending 0 \n"; got != want {
		t.Errorf("before: %s", got)
	}
	s.exec(`update jobs.jobs set run_at = now() - interval '1 minute' where kind like 'walls.failing%'`)
	s.run()
	if want := "walls.failing failed 1 not today\nwalls.looking working 0 \n"; during != want {
		t.Errorf("in the handler:\n%s", during)
	}
	backlog := func() string {
		found, err := events.Backlogs(t.Context(), s.database)
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, b := range found {
			text += fmt.Sprintln(b.Subscriber, b.Pending, b.Failed, b.Dead, time.Since(b.Oldest) > 30*time.Minute)
		}
		return text
	}
	s.exec(`update jobs.jobs set created_at = created_at - interval '1 hour'`)
	if got, want := backlog(), "walls.failing 1 1 0 true\nwalls.looking 0 0 0 false\n"; got != want {
		t.Errorf("backlog:\n%s", got)
	}
	s.exec(`update jobs.jobs set attempts = 11, run_at = now()`)
	s.run()
	if got, want := look(), "walls.failing dead 12 not today\nwalls.looking done 0 \n"; got != want {
		t.Errorf("at the end:\n%s", got)
	}
	if got, want := backlog(), "walls.failing 0 0 1 false\nwalls.looking 0 0 0 false\n"; got != want {
		t.Errorf("backlog at the end:\n%s", got)
	}
	fails = nil
	if n := s.replay(events.Replay{To: "walls.failing"}); n != 1 {
		t.Errorf("%d deliveries of what is dead", n)
	}
	if got, want := look(), "walls.failing dead 12 not today\nwalls.failing replayed 0 \nwalls.looking done 0 \n"; got != want {
		t.Errorf("after the replay:\n%s", got)
	}
}

func TestAllOfItWorksAsAPoolerNeedsIt(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t, jobs.Schema(), events.Schema(), walls())
	o.Pooler = true
	s := openStreet(t, o)
	s.on("walls.paint_shop", func(ctx context.Context, tx pgx.Tx, e painted) error {
		if e.Version > 1 {
			return note(ctx, tx, e)
		}
		return errors.Join(note(ctx, tx, e), events.Publish(ctx, tx, painted{e.Wall, e.Version + 1, "red"}))
	})
	events.Jobs(s.mux, s.database, 24*time.Hour)
	ctx, _, tenant := painter(t.Context())
	s.publish(ctx, painted{"north", 1, "green"})
	err := s.database.As("events").InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into jobs.jobs (id, kind, queue, payload) values (gen_random_uuid(), 'events.upkeep', 'low', '{}')`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s.run()
	if n := s.replay(events.Replay{To: "walls.paint_shop", Filter: events.Filter{Tenant: &tenant}, Again: true}); n != 2 {
		t.Errorf("%d deliveries are replayed", n)
	}
	found, err := events.List(t.Context(), s.database, events.Filter{Tenant: &tenant, Type: "walls.painted.v1"}, 10)
	if err != nil || len(found) != 3 || found[0].Cause == "-" || found[2].Cause != "-" {
		t.Errorf("%v, events %+v", err, found)
	}
	if diff := cmp.Diff([]string{"green", "green", "red", "red", "red"}, s.effects()); diff != "" || s.count("jobs.jobs") != 0 {
		t.Errorf("%d jobs are left, effects (-want +got):\n%s", s.count("jobs.jobs"), diff)
	}
}
