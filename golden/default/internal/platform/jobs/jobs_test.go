package jobs

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/logging"
)

func TestAJobOfARolledBackTransactionNeverExisted(t *testing.T) {
	f := setUp(t)
	changedMind := errors.New("changed my mind")
	err := f.database.As("probe").InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		return errors.Join(Enqueue(ctx, tx, probe{"a"}), changedMind)
	})
	if !errors.Is(err, changedMind) {
		t.Fatal(err)
	}
	if ids := query[string](f, `select id::text from jobs.jobs`); len(ids) != 0 {
		t.Errorf("there are jobs: %v", ids)
	}
}

func TestADomainMayAskForWorkAndNoMore(t *testing.T) {
	f := setUp(t)
	f.enqueue(nil, probe{"a"})
	for _, sql := range []string{
		`select from jobs.jobs`,
		`update jobs.jobs set run_at = now()`,
		`delete from jobs.jobs`,
		`insert into jobs.jobs (id, kind, queue, payload, attempts) values (gen_random_uuid(), 'x', 'low', '{}', 7)`,
		`select from jobs.dead_letters`,
		`insert into jobs.dead_letters select * from jobs.dead_letters`,
	} {
		err := f.database.As("probe").InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
			_, err := tx.Exec(ctx, sql)
			return err
		})
		if refused, ok := errors.AsType[*pgconn.PgError](err); !ok || refused.Code != "42501" {
			t.Errorf("%s: got %v, want permission denied", sql, err)
		}
	}
}

func TestAJobIsStoredAsItWasEnqueued(t *testing.T) {
	f := setUp(t)
	at := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	ctx := logging.WithRequestID(t.Context(), "req-7")
	err := f.database.As("probe").InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		return Enqueue(ctx, tx, probe{"a"}, At(at), Queue(Low))
	})
	if err != nil {
		t.Fatal(err)
	}
	got := query[string](f, `
		select concat_ws(' | ', kind, queue, payload, run_at at time zone 'utc', pushed_at, attempts, last_error, request_id)
		from jobs.jobs`)
	want := []string{`probe.note | low | {"Name": "a"} | 2030-01-02 03:04:05 | 0 |  | req-7`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestManyJobsAreOneRoundTrip(t *testing.T) {
	f := setUp(t)
	probes := []probe{
		{"a"}, {"b"}, {"c"},
	}
	err := f.database.As("probe").InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		counted := &statements{Tx: tx}
		err := EnqueueAll(ctx, counted, probes, Queue(Low))
		if counted.n != 1 {
			t.Errorf("%d statements", counted.n)
		}
		return errors.Join(err, EnqueueAll[probe](ctx, tx, nil))
	})
	if err != nil {
		t.Fatal(err)
	}
	got := query[string](f, `select concat_ws(' ', kind, queue, payload->>'Name') from jobs.jobs order by id`)
	if diff := cmp.Diff([]string{"probe.note low a", "probe.note low b", "probe.note low c"}, got); diff != "" {
		t.Error(diff)
	}
}

// statements counts those that are sent one by one.
type statements struct {
	pgx.Tx

	n int
}

func (s *statements) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	s.n++
	return s.Tx.Exec(ctx, sql, args...)
}

func TestAnUnknownQueueIsRefused(t *testing.T) {
	f := setUp(t)
	err := f.database.As("probe").InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		return Enqueue(ctx, tx, probe{"a"}, Queue("urgent"))
	})
	if err == nil || err.Error() != `enqueue jobs: no queue is called "urgent"` {
		t.Errorf("got %v", err)
	}
}

func TestAJobThatIsKeptIsOfNobody(t *testing.T) {
	f := setUp(t)
	ctx := authz.With(t.Context(), authz.Principal{Kind: authz.User, ID: id.New()})
	err := f.database.As("probe").InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		return errors.Join(Enqueue(ctx, tx, probe{"of the user"}), Enqueue(ctx, tx, probe{"of nobody"}, Kept))
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"of nobody", "of the user " + authz.From(ctx).ID.String()}
	if diff := cmp.Diff(want, query[string](f, `select concat_ws(' ', payload->>'Name', actor_id) from jobs.jobs order by 1`)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
