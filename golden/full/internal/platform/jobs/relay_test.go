package jobs

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// tell returns the ids that the engine was told since the last call, sorted.
func (n *notes) tell() (ids []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, task := range n.pushed {
		ids = append(ids, task.ID)
	}
	n.pushed = nil
	slices.Sort(ids)
	return ids
}

func TestADueJobIsPushedOnceAndOneForLaterIsNot(t *testing.T) {
	f := setUp(t)
	relay, engine := relayTo(f)
	due := f.enqueue([]Option{Queue(Critical)}, probe{"now"})
	f.enqueue([]Option{At(time.Now().Add(time.Hour))}, probe{"later"})
	more, err := relay.pushDue(t.Context())
	if err != nil || more {
		t.Fatal(more, err)
	}
	want := []Task{{ID: due[0], Kind: "probe.note", Queue: Critical}}
	if diff := cmp.Diff(want, engine.pushed); diff != "" {
		t.Error(diff)
	}
	engine.tell()
	if _, err := relay.pushDue(t.Context()); err != nil || engine.tell() != nil {
		t.Errorf("pushed again, %v", err)
	}
}

func TestJobsThatCouldNotBePushedAreDueAgain(t *testing.T) {
	f := setUp(t)
	relay, engine := relayTo(f)
	ids := f.enqueue(nil, probe{"a"}, probe{"b"}, probe{"c"})
	engine.away = true
	if _, err := relay.pushDue(t.Context()); !errors.Is(err, errEngineAway) {
		t.Fatalf("got %v", err)
	}
	engine.away = false
	if _, err := relay.pushDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(ids)), engine.tell()); diff != "" {
		t.Error(diff)
	}
}

func TestWhatTheEngineLostIsPushedAgainUnlessItIsBeingRun(t *testing.T) {
	f := setUp(t)
	relay, engine := relayTo(f)
	ids := f.enqueue(nil, probe{"lost"}, probe{"running"}, probe{"fresh"})
	f.exec(`update jobs.jobs set pushed_at = now() - case when payload->>'Name' = 'fresh' then interval '30 s' else interval '2 min' end`)
	lost := query[string](f, `select id::text from jobs.jobs where payload->>'Name' = 'lost'`)
	running := query[string](f, `select id::text from jobs.jobs where payload->>'Name' = 'running'`)

	err := f.database.As(schemaName).InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select from jobs.jobs where id = $1 for update`, running[0]); err != nil {
			return err
		}
		_, err := relay.pushLost(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(lost, engine.tell()); diff != "" {
		t.Errorf("of %v: %s", ids, diff)
	}
	if _, err := relay.pushLost(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(running, engine.tell()); diff != "" {
		t.Error(diff)
	}
}

func TestOfABacklogOnlyTheWindowIsPushedAndPushedAgain(t *testing.T) {
	f := setUp(t)
	relay, engine := relayTo(f)
	relay.window = 5
	f.enqueue(nil, probes(40)...)
	f.enqueue([]Option{Queue(Low)}, probes(40)...)
	for minute := range 3 {
		for range 10 {
			if _, err := relay.pushDue(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := relay.pushLost(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := len(engine.tell()); n != 10 {
			t.Errorf("in minute %d there are %d pushes, want 5 for each queue", minute, n)
		}
		f.exec(`update jobs.jobs set pushed_at = pushed_at - interval '2 min'`)
	}
	f.exec(`delete from jobs.jobs where pushed_at is not null and queue = 'low'`)
	if _, err := relay.pushDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(engine.tell()); n != 5 {
		t.Errorf("of a window that is free again %d are pushed", n)
	}
}

func TestCriticalJobsArePushedBeforeOlderOnes(t *testing.T) {
	f := setUp(t)
	relay, engine := relayTo(f)
	f.enqueue([]Option{Queue(Low)}, probes(batch)...)
	f.enqueue(nil, probes(batch-20)...)
	f.enqueue([]Option{Queue(Critical)}, probes(20)...)
	if more, err := relay.pushDue(t.Context()); err != nil || !more {
		t.Fatal(more, err)
	}
	var got []string
	for _, task := range engine.pushed {
		got = append(got, task.Queue)
	}
	want := append(slices.Repeat([]string{Critical}, 20), slices.Repeat([]string{Default}, batch-20)...)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestManyJobsArePushedInBundlesOfOneQueueAndFewByThemselves(t *testing.T) {
	f := setUp(t)
	relay, engine := relayTo(f)
	for _, test := range []struct {
		critical, others int
		bundles          []int
	}{
		{0, 0, nil},
		{1, 3, []int{1, 1, 1, 1}},
		{3, 6, []int{3, 3, 3}},
		{12, 48, []int{10, 2, 10, 10, 10, 10, 8}},
	} {
		f.enqueue(nil, probes(test.others)...)
		f.enqueue([]Option{Queue(Critical)}, probes(test.critical)...)
		if _, err := relay.pushDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.bundles, engine.bundles); diff != "" {
			t.Errorf("%d and %d jobs: %s", test.critical, test.others, diff)
		}
		engine.bundles = nil
	}
	f.exec(`update jobs.jobs set pushed_at = now() - interval '2 min'`)
	if _, err := relay.pushLost(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := slices.Max(engine.bundles); n != 1 {
		t.Errorf("what was lost is pushed in bundles of %d", n)
	}
}

func TestRelaysSideBySidePushEachJobOnce(t *testing.T) {
	f := setUp(t)
	relay, engine := relayTo(f)
	const n = 350
	relay.window = n
	ids := f.enqueue(nil, probes(n)...)
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			for more := true; more; {
				var err error
				if more, err = relay.pushDue(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if diff := cmp.Diff(slices.Sorted(slices.Values(ids)), engine.tell()); diff != "" {
		t.Error(diff)
	}
}

func probes(n int) []Job {
	return slices.Repeat([]Job{probe{"a"}}, n)
}

// relayTo returns a relay to an engine that only takes notes.
func relayTo(f *fixture) (*relay, *notes) {
	engine := &notes{}
	return &relay{database: f.database.As(schemaName), engine: engine, sweepAfter: time.Minute, window: defaultWindow}, engine
}

// notes is an engine that delivers nothing. It fails while it is away.
type notes struct {
	mu     sync.Mutex
	pushed []Task
	away   bool

	// bundles are how many tasks were pushed at once.
	bundles []int
}

var errEngineAway = errors.New("engine is away")

func (n *notes) Push(_ context.Context, tasks []Task) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.away {
		return errEngineAway
	}
	n.pushed = append(n.pushed, tasks...)
	n.bundles = append(n.bundles, len(tasks))
	return nil
}

func (n *notes) Start(func(context.Context, Task) error) error { return nil }

func (n *notes) Stop(context.Context) error { return nil }

func TestOfEachQueueThatWaitsForAnotherOneJobIsPushedIntoTheFirst(t *testing.T) {
	f := setUp(t)
	relay, engine := relayTo(f)
	push := func() {
		t.Helper()
		if _, err := relay.pushDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		engine.tell()
		if err := relay.pushWaiting(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	f.enqueue([]Option{Queue(Low)}, probe{"a"}, probe{"b"})
	push()
	if len(engine.pushed) > 0 {
		t.Errorf("nothing is before low, and %v is pushed", engine.pushed)
	}
	f.enqueue([]Option{Queue(Critical)}, probe{"c"})
	var got []string
	for range 2 {
		push()
		for _, task := range engine.pushed {
			got = append(got, task.Queue+" "+query[string](f, `select payload->>'Name' from jobs.jobs where id = $1`, task.ID)[0])
		}
	}
	if diff := cmp.Diff([]string{"critical a", "critical b"}, got); diff != "" {
		t.Errorf("pushed (-want +got):\n%s", diff)
	}
}
