package asynqengine_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hibiken/asynq"
	goredis "github.com/redis/go-redis/v9"

	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/asynqengine"
	"example.com/myapp/internal/platform/redis/redistest"
)

const queue = "test:" + jobs.Default

// task is that of one job.
var task = []jobs.Task{{ID: "a", Kind: "probe.note", Queue: jobs.Default}}

// pending are the names of the tasks that Redis has for workers, the next one first.
func pending(t *testing.T, client *goredis.Client) []string {
	t.Helper()
	names, err := client.LRange(t.Context(), "asynq:{"+queue+"}:pending", 0, -1).Result()
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(names)
	return names
}

func TestABundleIsOneTaskAndItsJobsAreRunOneByOne(t *testing.T) {
	client := redistest.New(t, 5)
	engine := asynqengine.New(client, asynqengine.Options{Prefix: "test", Concurrency: 2})
	bundle := []jobs.Task{
		{ID: "a", Kind: "x", Queue: jobs.Default}, {ID: "b", Kind: "y", Queue: jobs.Default, Lost: true}, {ID: "c", Kind: "x", Queue: jobs.Default},
	}
	if err := engine.Push(t.Context(), bundle); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a"}, pending(t, client)); diff != "" {
		t.Error(diff)
	}
	begun := make(chan jobs.Task, len(bundle))
	err := engine.Start(func(ctx context.Context, task jobs.Task) error {
		begun <- task
		<-ctx.Done()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	got := []jobs.Task{<-begun, <-begun}
	slices.SortFunc(got, func(a, b jobs.Task) int { return strings.Compare(a.ID, b.ID) })
	if diff := cmp.Diff(bundle[:2], got); diff != "" {
		t.Error(diff)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
	defer cancel()
	if err := engine.Stop(ctx); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"c"}, pending(t, client)); diff != "" || len(begun) != 0 {
		t.Errorf("%d are begun after the stop, and what is left for others is\n%s", len(begun), diff)
	}
}

func TestAJobThatCouldNotBeRunIsDeliveredAgainLater(t *testing.T) {
	client := redistest.New(t, 5)
	engine := asynqengine.New(client, asynqengine.Options{Prefix: "test"})
	if err := engine.Push(t.Context(), task); err != nil {
		t.Fatal(err)
	}
	err := engine.Start(func(context.Context, jobs.Task) error { return errors.New("Postgres is away") })
	if err != nil {
		t.Fatal(err)
	}
	var later []string
	for ; len(later) == 0; time.Sleep(time.Millisecond) {
		later, err = client.ZRange(t.Context(), "asynq:{"+queue+"}:scheduled", 0, -1).Result()
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := engine.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"a~"}, later); diff != "" {
		t.Error(diff)
	}
}

func TestOfAJobThatIsPushedAgainThereAreTwoTasksAtMost(t *testing.T) {
	client := redistest.New(t, 5)
	engine := asynqengine.New(client, asynqengine.Options{Prefix: "test"})
	for range 3 {
		if err := engine.Push(t.Context(), task); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"a", "a~"}, pending(t, client)); diff != "" {
		t.Error(diff)
	}
}

// An archived task keeps its id for months, and asynq then refuses the id as if it were still to be delivered.
func TestAnArchivedTaskDoesNotStandInTheWay(t *testing.T) {
	for name, forget := range map[string]bool{
		"that the inspector finds": false,
		// As after FLUSHALL: the client has told Redis the queue's name, and does not do so twice.
		"of a queue that it does not": true,
	} {
		t.Run(name, func(t *testing.T) {
			client := redistest.New(t, 5)
			engine := asynqengine.New(client, asynqengine.Options{Prefix: "test"})
			if err := engine.Push(t.Context(), task); err != nil {
				t.Fatal(err)
			}
			if err := asynq.NewInspectorFromRedisClient(client).ArchiveTask(queue, "a"); err != nil {
				t.Fatal(err)
			}
			want := "a"
			if forget {
				want = "a~"
				if err := client.Del(t.Context(), "asynq:queues").Err(); err != nil {
					t.Fatal(err)
				}
			}
			if err := engine.Push(t.Context(), task); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{want}, pending(t, client)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// asynq itself sees that a process died when its lease ends, and looks once a minute.
func TestATaskThatDiedWithItsProcessIsDeliveredAgain(t *testing.T) {
	client := redistest.New(t, 5)
	engine := asynqengine.New(client, asynqengine.Options{Prefix: "test"})
	if err := engine.Push(t.Context(), task); err != nil {
		t.Fatal(err)
	}
	// As a worker does that is killed in the next moment.
	key := "asynq:{" + queue + "}:"
	pipe := client.TxPipeline()
	pipe.LMove(t.Context(), key+"pending", key+"active", "right", "left")
	pipe.HSet(t.Context(), key+"t:a", "state", "active")
	pipe.ZAdd(t.Context(), key+"lease", goredis.Z{Score: float64(time.Now().Add(30 * time.Second).Unix()), Member: "a"})
	if _, err := pipe.Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := engine.Push(t.Context(), task); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"a~"}, pending(t, client)); diff != "" {
		t.Fatal(diff)
	}
	got := make(chan string, 1)
	if err := engine.Start(func(_ context.Context, t jobs.Task) error { got <- t.ID; return nil }); err != nil {
		t.Fatal(err)
	}
	if id := <-got; id != "a" {
		t.Errorf("it runs %q", id)
	}
	if err := engine.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestEnvironmentsShareARedisByTheirPrefixes(t *testing.T) {
	client := redistest.New(t, 5)
	task := []jobs.Task{{ID: "a", Kind: "probe.note", Queue: jobs.Low}}
	for _, prefix := range []string{"staging-test", "test"} {
		if err := asynqengine.New(client, asynqengine.Options{Prefix: prefix}).Push(t.Context(), task); err != nil {
			t.Fatal(err)
		}
		tasks, err := asynq.NewInspectorFromRedisClient(client).ListPendingTasks(prefix + ":low")
		if err != nil || len(tasks) != 1 {
			t.Errorf("%s: %d tasks, %v", prefix, len(tasks), err)
		}
	}
}
