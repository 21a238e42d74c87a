// Package asynqengine delivers jobs by asynq, through Redis.
//
// Of asynq it uses the queues, by which workers share what is due, and not the rest: when a job is due, how often it was tried and
// what became of it stands in Postgres. A task is a few jobs, of which it holds the ids, and asynq is done with it when they are begun.
// Whatever happens to Redis, the jobs are pushed again. Nothing of asynq is visible outside of this package.
package asynqengine

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/hibiken/asynq"

	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/redis"
)

// Options says how to work.
type Options struct {
	// Prefix comes before the name of each queue, so that several programs and environments can share one Redis.
	Prefix string

	// Concurrency is how many jobs run at once in this process. Zero means 10.
	Concurrency int

	// Log gets what asynq has to say. Nil drops it.
	Log *slog.Logger
}

const (
	// checkInterval is the pause between two looks into empty queues, and with it the wait of a job that comes alone. asynq
	// polls; its own default is a second.
	checkInterval = 3 * time.Millisecond

	// vendorInterval is that of the queue of a vendor, which takes longer to answer.
	vendorInterval = 50 * time.Millisecond

	// reserve is what Stop keeps of its time for handlers to end after their contexts have.
	reserve = 3 * time.Second
)

// Engine is a jobs.Engine.
type Engine struct {
	redis     *redis.Client
	client    *asynq.Client
	inspector *asynq.Inspector
	servers   []server // ours, and one for each vendor
	prefix    string

	// stopping is closed when no job is begun any more.
	stopping chan struct{}
	workers  sync.WaitGroup

	// handlers is the context of all handlers. It is not asynq's, which ends when Redis is away for half a minute.
	handlers context.Context
	cancel   context.CancelFunc
}

// New returns an engine that has not started. The client must stay open until it has stopped.
func New(client *redis.Client, o Options) *Engine {
	if o.Concurrency <= 0 {
		o.Concurrency = 10
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	e := &Engine{
		redis:     client,
		client:    asynq.NewClientFromRedisClient(client),
		inspector: asynq.NewInspectorFromRedisClient(client),
		prefix:    o.Prefix,
		stopping:  make(chan struct{}),
	}
	e.handlers, e.cancel = context.WithCancel(context.Background())
	e.servers = append(e.servers, e.server(o.Log, o.Concurrency, checkInterval, jobs.Ours()...))
	for vendor, most := range jobs.Vendors() {
		e.servers = append(e.servers, e.server(o.Log, most, vendorInterval, vendor))
	}
	return e
}

// server fetches tasks of some queues, and has workers for their jobs.
type server struct {
	*asynq.Server

	jobs chan jobs.Task
	free chan struct{} // has a word of each worker that waits for a job
}

// server looks into the queues one after the other. It fetches one task at a time.
func (e *Engine) server(log *slog.Logger, workers int, interval time.Duration, queues ...string) server {
	priorities := map[string]int{}
	for i, name := range queues {
		priorities[e.queue(name)] = len(queues) - i
	}
	s := server{jobs: make(chan jobs.Task), free: make(chan struct{}, workers)}
	s.Server = asynq.NewServerFromRedisClient(e.redis, asynq.Config{
		Concurrency:       1,
		Queues:            priorities,
		StrictPriority:    true,
		TaskCheckInterval: interval,
		ShutdownTimeout:   time.Hour, // Stop decides, by the deadline of its context
		Logger:            logger{log},
		LogLevel:          asynq.WarnLevel,
	})
	return s
}

func (e *Engine) queue(name string) string {
	return e.prefix + ":" + name
}

// Start begins to deliver. It does not wait for Redis.
func (e *Engine) Start(run func(context.Context, jobs.Task) error) error {
	for _, s := range e.servers {
		for range cap(s.free) {
			e.workers.Go(func() { e.work(s, run) })
		}
		if err := s.Start(asynq.HandlerFunc(func(ctx context.Context, t *asynq.Task) error { return e.deliver(ctx, s, t) })); err != nil {
			return err
		}
	}
	return nil
}

// work runs one job after the other.
func (e *Engine) work(s server, run func(context.Context, jobs.Task) error) {
	s.free <- struct{}{}
	for t := range s.jobs {
		if err := run(e.handlers, t); err != nil {
			e.pushLater(context.WithoutCancel(e.handlers), t)
		}
		s.free <- struct{}{}
	}
}

// deliver gives the jobs of a task to workers as they are free, and returns when one is free for the next task. So asynq is done with
// a task while its jobs run: whether they were is for Postgres to say.
func (e *Engine) deliver(ctx context.Context, s server, task *asynq.Task) error {
	var tasks []jobs.Task
	if err := json.Unmarshal(task.Payload(), &tasks); err != nil {
		return fmt.Errorf("read a task: %w: %w", asynq.RevokeTask, err)
	}
	queue, _ := asynq.GetQueueName(ctx)
	for i, t := range tasks {
		t.Queue = strings.TrimPrefix(queue, e.prefix+":")
		tasks[i] = t
		select {
		case <-s.free:
			s.jobs <- t
		case <-e.stopping:
			return e.Push(ctx, tasks[i:])
		}
	}
	select {
	case <-s.free:
		s.free <- struct{}{}
	case <-e.stopping:
	}
	return nil
}

// Stop fetches no more, waits for the handlers, and ends their context 3 s before the deadline of ctx.
func (e *Engine) Stop(ctx context.Context) error {
	defer e.cancel()
	close(e.stopping)
	done := make(chan struct{})
	go func() {
		defer close(done)
		var group sync.WaitGroup
		for _, s := range e.servers {
			group.Go(func() { s.Shutdown(); close(s.jobs) })
		}
		group.Wait()
		e.workers.Wait()
	}()

	patience, cancel := ctx, context.CancelFunc(func() {})
	if deadline, ok := ctx.Deadline(); ok {
		patience, cancel = context.WithDeadline(ctx, deadline.Add(-reserve))
	}
	defer cancel()
	select {
	case <-done:
		return nil
	case <-patience.Done():
	}
	e.cancel()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for handlers that ignore their context: %w", ctx.Err())
	}
}
