package asynqengine_test

import (
	"context"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	goredis "github.com/redis/go-redis/v9"

	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/asynqengine"
	"example.com/myapp/internal/platform/redis/redistest"
)

const queue = "test:" + jobs.Default

func TestATaskThatIsStillToBeDeliveredIsLeftAlone(t *testing.T) {
	client := redistest.New(t, 5)
	engine, inspector := asynqengine.New(client, asynqengine.Options{Prefix: "test"}), asynq.NewInspectorFromRedisClient(client)
	task := jobs.Task{ID: "a", Kind: "probe.note", Queue: jobs.Default, Timeout: time.Minute}
	for range 3 {
		if err := engine.Push(t.Context(), task); err != nil {
			t.Fatal(err)
		}
	}
	tasks, err := inspector.ListPendingTasks(queue)
	if err != nil || len(tasks) != 1 {
		t.Fatalf("%d tasks, %v", len(tasks), err)
	}
	got := tasks[0]
	if got.ID != "a" || len(got.Payload) != 0 || got.Retention != 10*time.Minute || got.Timeout != 90*time.Second || got.MaxRetry != 10 {
		t.Errorf("got %+v", got)
	}
}

// An archived task keeps its id for months, and asynq then refuses the id as if it were still to be delivered.
func TestAnArchivedTaskDoesNotStandInTheWay(t *testing.T) {
	client := redistest.New(t, 5)
	engine, inspector := asynqengine.New(client, asynqengine.Options{Prefix: "test"}), asynq.NewInspectorFromRedisClient(client)
	task := jobs.Task{ID: "a", Kind: "probe.note", Queue: jobs.Default, Timeout: time.Minute}
	if err := engine.Push(t.Context(), task); err != nil {
		t.Fatal(err)
	}
	for _, forget := range []bool{false, true} {
		if err := inspector.ArchiveTask(queue, "a"); err != nil {
			t.Fatal(err)
		}
		if forget {
			// As after FLUSHALL: the client has told Redis the queue's name, and does not do so twice.
			if err := client.Del(t.Context(), "asynq:queues").Err(); err != nil {
				t.Fatal(err)
			}
		}
		if err := engine.Push(t.Context(), task); err != nil {
			t.Fatalf("queue forgotten: %v: %v", forget, err)
		}
		info, err := inspector.GetTaskInfo(queue, "a")
		if err != nil || info.State != asynq.TaskStatePending {
			t.Fatalf("queue forgotten: %v: state %v, %v", forget, info, err)
		}
	}
}

// asynq itself sees that a process died when its lease ends, and looks once a minute.
func TestATaskThatDiedWithItsProcessIsDeliveredAgain(t *testing.T) {
	client := redistest.New(t, 5)
	engine, inspector := asynqengine.New(client, asynqengine.Options{Prefix: "test"}), asynq.NewInspectorFromRedisClient(client)
	task := jobs.Task{ID: "a", Kind: "probe.note", Queue: jobs.Default, Timeout: time.Minute}
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
	if tasks, err := inspector.ListPendingTasks(queue); err != nil || len(tasks) != 1 {
		t.Fatalf("%d tasks, %v", len(tasks), err)
	}
	got := make(chan string, 1)
	if err := engine.Start(func(_ context.Context, id string) error { got <- id; return nil }); err != nil {
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
	task := jobs.Task{ID: "a", Kind: "probe.note", Queue: jobs.Low, Timeout: time.Minute}
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
