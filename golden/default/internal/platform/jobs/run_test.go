package jobs

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/logging"
)

// state is what a row says of its job.
const state = `
	select concat_ws(' | ', attempts, split_part(last_error, E'\n', 1), case when run_at > now() + interval '59 minutes' then 'later' else 'due' end,
		case when pushed_at is null then 'here' else 'pushed' end)
	from jobs.jobs`

func TestTheEffectAndTheEndOfTheJobCommitTogether(t *testing.T) {
	f := setUp(t)
	fail := errors.New("not today")
	f.handle(func(ctx context.Context, tx pgx.Tx, p probe) error {
		return errors.Join(p.note(ctx, tx), fail)
	})
	id := f.enqueue(nil, probe{"a"})[0]
	if err := f.run(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1 | not today | later | here"}, query[string](f, state)); diff != "" || f.effects("a") != 0 {
		t.Errorf("after a failure there are %d effects, and the job is\n%s", f.effects("a"), diff)
	}
	fail = nil
	f.exec(`update jobs.jobs set run_at = now()`)
	if err := f.run(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if got := query[string](f, state); len(got) != 0 || f.effects("a") != 1 {
		t.Errorf("after success there are %d effects, and jobs %v", f.effects("a"), got)
	}
}

func TestAJobThatIsDeliveredManyTimesHasOneEffect(t *testing.T) {
	f := setUp(t)
	started, release := make(chan struct{}), make(chan struct{})
	f.handle(func(ctx context.Context, tx pgx.Tx, p probe) error {
		close(started)
		<-release
		return p.note(ctx, tx)
	})
	id := f.enqueue(nil, probe{"a"})[0]
	first := make(chan error)
	go func() { first <- f.run(t.Context(), id) }()
	<-started
	for range 2 {
		if err := f.run(t.Context(), id); !errors.Is(err, ErrBusy) {
			t.Errorf("delivered while it is run: got %v", err)
		}
	}
	close(release)
	if err := <-first; err != nil {
		t.Fatal(err)
	}
	if err := f.run(t.Context(), id); err != nil {
		t.Errorf("delivered after it is done: got %v", err)
	}
	if n := f.effects("a"); n != 1 {
		t.Errorf("%d effects", n)
	}
}

func TestAJobThatFailsIsNoDeathOfItsProcess(t *testing.T) {
	f := setUp(t)
	f.handle(func(context.Context, pgx.Tx, probe) error { return errors.New("not today") }, Attempts(maxDeaths*3))
	id := f.enqueue(nil, probe{"a"})[0]
	for range maxDeaths * 2 {
		f.exec(`update jobs.jobs set run_at = now()`)
		if err := f.run(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	if n := query[int](f, `select attempts from jobs.jobs`); len(n) != 1 || n[0] != maxDeaths*2 {
		t.Errorf("attempts %v", n)
	}
}

func TestADeliveryThatComesBeforeTheTimeOfTheJobDoesNothing(t *testing.T) {
	f := setUp(t)
	f.handle(func(ctx context.Context, tx pgx.Tx, p probe) error { return p.note(ctx, tx) })
	id := f.enqueue([]Option{At(time.Now().Add(time.Hour))}, probe{"a"})[0]
	if err := f.run(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if n := f.effects("a"); n != 0 {
		t.Errorf("%d effects", n)
	}
}

func TestAHandlerRunsAsItsDomainWithTheTimeOfAJob(t *testing.T) {
	f := setUp(t)
	var role, limit string
	f.handle(func(ctx context.Context, tx pgx.Tx, _ probe) error {
		return tx.QueryRow(ctx, `select current_user, current_setting('statement_timeout')`).Scan(&role, &limit)
	}, Timeout(5*time.Minute))
	if err := f.run(t.Context(), f.enqueue(nil, probe{"a"})[0]); err != nil {
		t.Fatal(err)
	}
	if role != "myapp_probe" || limit != "5min" {
		t.Errorf("role %q, time %q", role, limit)
	}
}

func TestAJobBelongsToTheTraceOfTheRequestThatCausedIt(t *testing.T) {
	f := setUp(t)
	const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	var request, parent string
	f.handle(func(ctx context.Context, _ pgx.Tx, _ probe) error {
		request, parent = logging.RequestID(ctx), logging.Trace(ctx)
		return nil
	})
	ctx := logging.WithTrace(logging.WithRequestID(t.Context(), "req-7"), trace)
	err := f.database.As("probe").InTx(ctx, func(ctx context.Context, tx pgx.Tx) error { return Enqueue(ctx, tx, probe{"a"}) })
	if err != nil {
		t.Fatal(err)
	}
	if err := f.run(t.Context(), query[string](f, `select id::text from jobs.jobs`)[0]); err != nil {
		t.Fatal(err)
	}
	if request != "req-7" || parent != trace {
		t.Errorf("request %q, trace %q", request, parent)
	}
}

func TestAHandlerActsInTheTenantThatEnqueuedIt(t *testing.T) {
	f := setUp(t)
	tenant, actor := id.New(), id.New()
	var setting string
	var who authz.Principal
	f.handle(func(ctx context.Context, tx pgx.Tx, _ probe) error {
		who = authz.From(ctx)
		return tx.QueryRow(ctx, `select current_setting('app.tenant_id')`).Scan(&setting)
	})
	ctx := authz.With(t.Context(), authz.Principal{Kind: authz.User, ID: actor, Tenant: tenant})
	err := f.database.As("probe").InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		return Enqueue(ctx, tx, probe{"a"})
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := query[string](f, `select tenant_id || ' ' || actor_id from jobs.jobs`); len(got) != 1 || got[0] != tenant.String()+" "+actor.String() {
		t.Errorf("the row has %v", got)
	}
	if err := f.run(t.Context(), query[string](f, `select id::text from jobs.jobs`)[0]); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(authz.System(tenant), who); diff != "" || setting != tenant.String() {
		t.Errorf("in the database the tenant is %q, and in the program it is\n%s", setting, diff)
	}
}

func TestWhatGoesWrongIsWrittenOnTheJob(t *testing.T) {
	for name, test := range map[string]struct {
		fn   func(context.Context, pgx.Tx, probe) error
		want string
	}{
		"a panic": {
			func(context.Context, pgx.Tx, probe) error { panic("boom") },
			"1 | panic: boom | later | here",
		},
		"an error of SQL that the handler swallowed": {
			func(ctx context.Context, tx pgx.Tx, _ probe) error {
				_, _ = tx.Exec(ctx, `select 1/0`)
				return nil
			},
			"1 | the handler went on after an error of SQL, which aborts its transaction | later | here",
		},
		"too long a time": {
			func(ctx context.Context, _ pgx.Tx, _ probe) error {
				<-ctx.Done()
				return ctx.Err()
			},
			"1 | context deadline exceeded | later | here",
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := setUp(t)
			f.handle(test.fn, Timeout(50*time.Millisecond))
			if err := f.run(t.Context(), f.enqueue(nil, probe{"a"})[0]); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{test.want}, query[string](f, state)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAJobOfANewerProgramWaits(t *testing.T) {
	f := setUp(t)
	if err := f.run(t.Context(), f.enqueue(nil, probe{"a"})[0]); err != nil {
		t.Fatal(err)
	}
	want := []string{`1 | this program has no handler of "probe.note" | later | here`}
	if diff := cmp.Diff(want, query[string](f, state)); diff != "" {
		t.Error(diff)
	}
}

func TestAJobThatCannotBeTakenIsDeliveredAgain(t *testing.T) {
	f := setUp(t)
	id := f.enqueue(nil, probe{"a"})[0]
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.run(ctx, id); err == nil || !strings.Contains(err.Error(), "take job "+id) {
		t.Errorf("got %v", err)
	}
}

func TestAJobThatIsStoppedIsPutBackAndLosesNoAttempt(t *testing.T) {
	f := setUp(t)
	ctx, stop := context.WithCancel(t.Context())
	f.handle(func(ctx context.Context, _ pgx.Tx, _ probe) error {
		stop()
		<-ctx.Done()
		return ctx.Err()
	})
	id := f.enqueue(nil, probe{"a"})[0]
	if err := f.run(ctx, id); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"0 |  | due | here"}, query[string](f, state)); diff != "" {
		t.Error(diff)
	}
}
