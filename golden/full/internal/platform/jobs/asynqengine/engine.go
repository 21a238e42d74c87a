// Package asynqengine delivers jobs by asynq, through Redis.
//
// Of asynq it uses the queues and the workers, and not the rest: when a job is due, how often it was tried and what became
// of it stands in Postgres, and a task holds nothing but its id. Whatever happens to Redis, the jobs are pushed again.
// Nothing of asynq is visible outside of this package.
package asynqengine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
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

	// retention is how long Redis remembers the id of a task that was delivered, for people who look. It is short: of
	// a Redis that is full, nothing would be delivered any more.
	retention = 10 * time.Minute

	// deliveries is how often asynq tries a delivery that could not even be recorded, while Postgres is away. The sweeper
	// then begins anew.
	deliveries = 10

	// slack is how much later than a handler asynq runs out of patience, so that it is always the handler that ends first.
	slack = 30 * time.Second

	// reserve is what Stop keeps of its time for handlers to end after their contexts have.
	reserve = 3 * time.Second
)

// Engine is a jobs.Engine.
type Engine struct {
	redis     *redis.Client
	client    *asynq.Client
	inspector *asynq.Inspector
	servers   []*asynq.Server // ours, and one for each vendor
	prefix    string

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
	}
	e.handlers, e.cancel = context.WithCancel(context.Background())
	e.servers = append(e.servers, e.server(o.Log, o.Concurrency, checkInterval, jobs.Ours()...))
	for vendor, most := range jobs.Vendors() {
		e.servers = append(e.servers, e.server(o.Log, most, vendorInterval, vendor))
	}
	return e
}

// server runs so many jobs of the queues at once, those of the first before those of the next.
func (e *Engine) server(log *slog.Logger, workers int, interval time.Duration, queues ...string) *asynq.Server {
	priorities := map[string]int{}
	for i, name := range queues {
		priorities[e.queue(name)] = len(queues) - i
	}
	return asynq.NewServerFromRedisClient(e.redis, asynq.Config{
		Concurrency:       workers,
		Queues:            priorities,
		StrictPriority:    true,
		TaskCheckInterval: interval,
		ShutdownTimeout:   time.Hour, // Stop decides, by the deadline of its context
		RetryDelayFunc:    retryDelay,
		IsFailure:         isFailure,
		Logger:            logger{log},
		LogLevel:          asynq.WarnLevel,
	})
}

func (e *Engine) queue(name string) string {
	return e.prefix + ":" + name
}

// retryDelay is the wait before a delivery that did not come to an end is made again.
func retryDelay(n int, _ error, _ *asynq.Task) time.Duration {
	return time.Second + rand.N(time.Second<<min(n, 5))
}

// isFailure says which errors use up one of a task's deliveries.
func isFailure(err error) bool {
	return !errors.Is(err, jobs.ErrBusy)
}

// Start begins to deliver. It does not wait for Redis.
func (e *Engine) Start(run func(ctx context.Context, id string) error) error {
	handler := asynq.HandlerFunc(func(_ context.Context, t *asynq.Task) error {
		return run(e.handlers, strings.TrimSuffix(t.ResultWriter().TaskID(), second))
	})
	for _, server := range e.servers {
		if err := server.Start(handler); err != nil {
			return err
		}
	}
	return nil
}

// Stop fetches no more, waits for the handlers, and ends their context 3 s before the deadline of ctx.
func (e *Engine) Stop(ctx context.Context) error {
	defer e.cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		var group sync.WaitGroup
		for _, server := range e.servers {
			group.Go(server.Shutdown)
		}
		group.Wait()
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
