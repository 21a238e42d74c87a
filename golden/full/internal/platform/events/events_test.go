package events_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/jobstest"
	"example.com/myapp/internal/platform/logging"
)

// named is an event of any type.
type named string

func (n named) EventType() string { return string(n) }

func TestAnEventIsKeptAndEachWhoListensHasADelivery(t *testing.T) {
	s := newStreet(t)
	s.on("walls.paint_shop", note)
	s.on("walls.insurance", note)
	const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	ctx, user, tenant := painter(logging.WithTrace(logging.WithRequestID(t.Context(), "r1"), trace))
	s.publish(ctx, painted{"north", 1, "green"}, named("walls.sold.v1"))
	want := []string{
		"walls.painted.v1 " + `{"wall": "north", "colour": "green", "version": 1} 0 r1 ` + trace + " " + tenant.String() + " " + user.String(),
		`walls.sold.v1 "walls.sold.v1" 0 r1 ` + trace + " " + tenant.String() + " " + user.String(),
	}
	got := s.texts(`select concat_ws(' ', type, payload, depth, causation_id, request_id, traceparent, tenant_id, actor_id) from events.events`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	want = []string{
		"walls.insurance:walls.painted.v1 default r1 " + trace + " " + tenant.String() + " green",
		"walls.paint_shop:walls.painted.v1 default r1 " + trace + " " + tenant.String() + " green",
	}
	got = s.texts(`select concat_ws(' ', kind, queue, request_id, traceparent, tenant_id, actor_id, payload->'payload'->>'colour') from jobs.jobs`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("deliveries (-want +got):\n%s", diff)
	}
	s.run()
	if diff := cmp.Diff([]string{"green", "green"}, s.effects()); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
}

// statements counts what is sent in a transaction one by one.
type statements struct {
	pgx.Tx

	n int
}

func (s *statements) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	s.n++
	return s.Tx.Exec(ctx, sql, args...)
}

func TestAnEventAndItsDeliveriesAreOneRoundTripAndNotifyNobody(t *testing.T) {
	s := newStreet(t)
	for _, subscriber := range []string{"walls.a", "walls.b", "walls.c"} {
		s.on(subscriber, note)
	}
	err := s.domain.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		counted := &statements{Tx: tx}
		err := events.Publish(ctx, counted, painted{"north", 1, "green"})
		if counted.n != 1 {
			t.Errorf("%d statements", counted.n)
		}
		return err
	})
	if err != nil || s.count("jobs.jobs") != 3 {
		t.Errorf("%d deliveries, %v", s.count("jobs.jobs"), err)
	}
	// A notification makes all commits of the server wait for each other. Only a trigger could send one.
	notify := s.texts(`select p.proname::text from pg_trigger t join pg_proc p on p.oid = t.tgfoid where p.prosrc ~* 'notify'`)
	if len(notify) > 0 {
		t.Errorf("%v notify somebody", notify)
	}
}

func TestARollbackLeavesNoEventAndNoDelivery(t *testing.T) {
	s := newStreet(t)
	s.on("walls.paint_shop", note)
	fails := errors.New("fails")
	err := s.domain.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		return errors.Join(events.Publish(ctx, tx, painted{"north", 1, "green"}), fails)
	})
	if s.count("events.events") != 0 || s.count("jobs.jobs") != 0 || !errors.Is(err, fails) {
		t.Errorf("%d events, %d deliveries, error %v", s.count("events.events"), s.count("jobs.jobs"), err)
	}
}

func TestATypeWithoutVersionIsRefused(t *testing.T) {
	s := newStreet(t)
	for _, kind := range []string{"", "painted", "walls.painted", "walls.painted.v0", "Walls.painted.v1"} {
		err := s.domain.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error { return events.Publish(ctx, tx, named(kind)) })
		if err == nil {
			t.Errorf("%q was published", kind)
		}
	}
}

func TestADomainCannotReadOrChangeHistory(t *testing.T) {
	s := newStreet(t)
	s.publish(t.Context(), painted{"north", 1, "green"})
	for _, attack := range []string{
		"select * from events.events",
		"select * from events.events_rest",
		"select * from events.events" + time.Now().UTC().Format("_2006_01"),
		"insert into events.events (id, type, payload, depth, request_id, traceparent) values (gen_random_uuid(), 'a.b.v1', '{}', 0, '', '') returning payload",
		"copy events.events to stdout",
		"update events.events set payload = '{}'",
		"delete from events.events",
		"truncate events.events",
		"insert into events.events (id, type, payload, depth, request_id, traceparent, occurred_at) values (gen_random_uuid(), 'a.b.v1', '{}', 0, '', '', '2000-01-01')",
		"insert into events.events (id, type, payload, depth, request_id, tenant_id) values (gen_random_uuid(), 'a.b.v1', '{}', 0, '', gen_random_uuid())",
		"insert into events.events_rest (id, type, payload, depth, request_id) values (gen_random_uuid(), 'a.b.v1', '{}', 0, '')",
		"insert into events.subscriptions (type, subscriber) values ('a.b.v1', 'a.b')",
		"select * from events.inbox",
		"delete from events.inbox",
		"select events.upkeep(now(), interval '0')",
	} {
		if err := s.domain.InTx(t.Context(), dbtest.Exec(attack)); err == nil || !strings.Contains(err.Error(), "SQLSTATE 42501") {
			t.Errorf("%s: got %v, want permission denied", attack, err)
		}
	}
}

func TestAnEventThatIsDeliveredThreeTimesHasOneEffect(t *testing.T) {
	s := newStreet(t)
	s.on("walls.paint_shop", note)
	s.publish(t.Context(), painted{"north", 1, "green"})
	s.exec(`insert into jobs.jobs (id, kind, queue, payload, run_at)
		select gen_random_uuid(), kind, queue, payload, run_at from jobs.jobs, generate_series(1, 2)`)
	s.run()
	if diff := cmp.Diff([]string{"green"}, s.effects()); diff != "" || s.count("jobs.jobs") != 0 {
		t.Errorf("%d deliveries are left, effects (-want +got):\n%s", s.count("jobs.jobs"), diff)
	}
}

func TestOfTwoDeliveriesAtOnceTheSecondWaitsAndHasNoEffect(t *testing.T) {
	s := newStreet(t)
	inside, release := make(chan struct{}), make(chan struct{})
	s.on("walls.paint_shop", func(ctx context.Context, tx pgx.Tx, e painted) error {
		close(inside) // a second time it panics
		<-release
		return note(ctx, tx, e)
	})
	s.publish(t.Context(), painted{"north", 1, "green"})
	work := func() { // and leave alone what the other does
		_, err := jobstest.RunDue(t.Context(), s.database, s.mux, slog.New(slog.DiscardHandler))
		if err != nil && !errors.Is(err, jobs.ErrBusy) {
			t.Error(err)
		}
	}
	var both sync.WaitGroup
	both.Go(work)
	<-inside
	s.exec(`insert into jobs.jobs (id, kind, queue, payload, run_at)
		select gen_random_uuid(), kind, queue, payload, run_at - interval '1 minute' from jobs.jobs`)
	both.Go(work)
	const waits = `select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')`
	for !dbtest.Value[bool](t, s.database, waits) {
		time.Sleep(time.Millisecond)
	}
	close(release)
	both.Wait()
	s.run()
	if diff := cmp.Diff([]string{"green"}, s.effects()); diff != "" || s.count("jobs.jobs")+s.count("jobs.dead_letters") != 0 {
		t.Errorf("%d deliveries are left, effects (-want +got):\n%s", s.count("jobs.jobs"), diff)
	}
}

func TestTheEffectTheInboxAndTheEndOfTheDeliveryCommitTogether(t *testing.T) {
	s := newStreet(t)
	fails := errors.New("not today")
	s.on("walls.paint_shop", func(ctx context.Context, tx pgx.Tx, e painted) error {
		return errors.Join(note(ctx, tx, e), fails)
	})
	s.publish(t.Context(), painted{"north", 1, "green"})
	look := func() string {
		return fmt.Sprint(s.count("walls.effects"), s.count("events.inbox"), s.texts(`select attempts || ' ' || last_error from jobs.jobs`))
	}
	s.run()
	if got := look(); got != "0 0 [1 not today]" {
		t.Errorf("after a failure there are effects, rows of the inbox, deliveries: %s", got)
	}
	fails = nil
	s.exec(`update jobs.jobs set run_at = now()`)
	s.run()
	if got := look(); got != "1 1 []" {
		t.Errorf("after success there are effects, rows of the inbox, deliveries: %s", got)
	}
}

func TestAHandlerKnowsWhoDidItAndActsInTheTenant(t *testing.T) {
	s := newStreet(t)
	var d events.Delivery
	var setting, role, request string
	s.on("walls.paint_shop", func(ctx context.Context, tx pgx.Tx, _ painted) error {
		d, _ = events.From(ctx)
		request = logging.RequestID(ctx)
		return tx.QueryRow(ctx, `select current_setting('app.tenant_id'), current_user`).Scan(&setting, &role)
	})
	ctx, user, tenant := painter(logging.WithRequestID(t.Context(), "r1"))
	s.publish(ctx, painted{"north", 1, "green"})
	s.run()
	if setting != tenant.String() || role != "myapp_walls" || request != "r1" {
		t.Errorf("tenant %q, role %q, request %q", setting, role, request)
	}
	stored := dbtest.Value[string](t, s.database, `select concat_ws(' ', id, type, actor_id) from events.events`)
	if d.ActorID == nil || *d.ActorID != user || d.ID.String()+" "+d.Type+" "+d.ActorID.String() != stored || d.OccurredAt.IsZero() {
		t.Errorf("delivered is %+v, stored is %s", d, stored)
	}
	if _, ok := events.From(t.Context()); ok {
		t.Error("there is a delivery outside of a handler")
	}
}

func TestEventsThatCauseEachOtherStop(t *testing.T) {
	s := newStreet(t)
	again := func(ctx context.Context, tx pgx.Tx, e painted) error {
		return errors.Join(note(ctx, tx, e), events.Publish(ctx, tx, painted{e.Wall, e.Version + 1, e.Colour}))
	}
	s.on("walls.paint_shop", again)
	s.publish(logging.WithRequestID(t.Context(), "r1"), painted{"north", 1, "green"})
	s.run()
	// Nine events: that of the request, and eight of handlers. The handler of the last had no effect, and is dead.
	chain := s.texts(`select concat_ws(' ', e.depth, e.request_id, e.causation_id = c.id) from events.events e left join events.events c on c.depth = e.depth - 1`)
	want := []string{"0 r1", "1 r1 t", "2 r1 t", "3 r1 t", "4 r1 t", "5 r1 t", "6 r1 t", "7 r1 t", "8 r1 t"}
	if diff := cmp.Diff(want, chain); diff != "" {
		t.Errorf("events, each with its cause (-want +got):\n%s", diff)
	}
	dead := s.texts(`select concat_ws(' ', kind, attempts, last_error) from jobs.dead_letters`)
	wantDead := []string{"walls.paint_shop:walls.painted.v1 1 publish walls.painted.v1: " + events.ErrCascade.Error()}
	if diff := cmp.Diff(wantDead, dead); diff != "" || s.count("jobs.jobs") != 0 || len(s.effects()) != 8 {
		t.Errorf("%d effects, %d jobs, dead letters (-want +got):\n%s", len(s.effects()), s.count("jobs.jobs"), diff)
	}
}

func TestADeliveryThatCannotBeReadIsGivenUpAtOnce(t *testing.T) {
	s := newStreet(t)
	s.on("walls.paint_shop", note)
	type repainted struct {
		painted
		Colour int `json:"colour"`
	}
	s.publish(t.Context(), repainted{painted{"north", 1, ""}, 7})
	s.run()
	dead := s.texts(`select attempts || ' ' || split_part(last_error, ':', 1) from jobs.dead_letters`)
	if diff := cmp.Diff([]string{"1 decode the event"}, dead); diff != "" {
		t.Errorf("dead letters (-want +got):\n%s", diff)
	}
}

func TestTwoHandlersOfOneSubscriberForOneTypeAreReported(t *testing.T) {
	s := newStreet(t)
	s.on("walls.paint_shop", note)
	events.On(s.mux, s.domain, "walls.paint_shop", note)
	if err := s.mux.Err(); err == nil || err.Error() != "jobs: walls.paint_shop:walls.painted.v1 has two handlers" {
		t.Errorf("got %v", err)
	}
	events.On(s.mux, s.domain, "paint shop", note)
	if err := events.Subscribe(t.Context(), s.database, s.mux); err == nil {
		t.Error("a subscriber without a name was taken")
	}
}
