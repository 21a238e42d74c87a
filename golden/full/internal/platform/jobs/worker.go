package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"example.com/myapp/internal/platform/db"
)

// Task is what the engine is told of a job: enough to deliver it, nothing that it could lose.
type Task struct {
	// ID and Kind are the job's.
	ID, Kind string

	// Queue is one of Queues.
	Queue string `json:"-"`

	// Lost says that the job was pushed before, a while ago.
	Lost bool `json:",omitempty"`
}

// Engine delivers tasks to workers, at least once as long as it does not forget them, which it may.
type Engine interface {
	// Push hands over tasks of one queue, to be delivered in that order as workers are free. A task that the engine has already may
	// be delivered twice.
	Push(ctx context.Context, tasks []Task) error

	// Start begins to deliver: run is called with a task, many times at once. A task whose run returns an error is delivered
	// again.
	Start(run func(context.Context, Task) error) error

	// Stop delivers nothing more and waits for those that run. Shortly before the deadline of ctx it ends their contexts.
	Stop(ctx context.Context) error
}

// Options tunes a worker. The zero value has the values for production, and no log.
type Options struct {
	// Log gets a line for each job and each failure. Nil drops them.
	Log *slog.Logger

	// Poll is the pause between two looks for due jobs. Zero means 5 ms: a query of an empty index.
	Poll time.Duration

	// SweepAfter is how long a job may be with the engine before it is pushed again. Zero means a minute.
	SweepAfter time.Duration
}

// Worker runs jobs: the relay that feeds the engine, the engine that calls the handlers, and the schedules.
type Worker struct {
	mux    *Mux
	engine Engine
	runner *runner
	loops  []loop
	relay  *relay
	begun  atomic.Int64

	stop  context.CancelFunc
	group sync.WaitGroup
}

// NewWorker returns a worker that has not started.
func NewWorker(d *db.DB, e Engine, m *Mux, o Options) *Worker {
	if o.Poll <= 0 {
		o.Poll = 5 * time.Millisecond
	}
	if o.SweepAfter <= 0 {
		o.SweepAfter = time.Minute
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	d = d.As(schemaName)
	r := &relay{database: d, engine: e, sweepAfter: o.SweepAfter, window: defaultWindow}
	return &Worker{
		mux:    m,
		engine: e,
		relay:  r,
		runner: &runner{database: d, mux: m, log: o.Log, backoff: backoff},
		loops: []loop{
			{name: "job relay", pause: o.Poll, worst: 10 * time.Second, step: r.pushDue, log: o.Log},
			{name: "job sweeper", pause: o.SweepAfter / 4, worst: o.SweepAfter, step: r.pushLost, log: o.Log},
			{name: "job schedules", pause: cronPause, worst: 10 * time.Second, step: newCron(d, m).tick, log: o.Log},
		},
	}
}

// Start begins to run jobs, until Stop. It waits for nothing, and works when Redis is away: jobs then wait in Postgres.
func (w *Worker) Start(ctx context.Context) error {
	if err := w.mux.Err(); err != nil {
		return err
	}
	if err := w.engine.Start(w.deliver); err != nil {
		return fmt.Errorf("start the job engine: %w", err)
	}
	ctx, w.stop = context.WithCancel(context.WithoutCancel(ctx))
	for _, l := range w.loops {
		w.group.Go(func() { l.run(ctx) })
	}
	return nil
}

// deliver runs the job of a task.
func (w *Worker) deliver(ctx context.Context, t Task) error {
	if t.Lost {
		if err := w.runner.begin(ctx, t.ID); err != nil {
			return err
		}
	}
	return w.Run(ctx, t.ID, t.Kind)
}

// Run does one job, as the engine does of each that it delivers. Before each Share-th it lets others through.
func (w *Worker) Run(ctx context.Context, id, kind string) error {
	if w.begun.Add(1)%Share == 0 {
		if err := w.relay.pushWaiting(ctx); err != nil {
			w.runner.log.WarnContext(ctx, "no job was let through", "error", err)
		}
	}
	return w.runner.run(ctx, id, kind)
}

// Stop takes no more jobs, waits for those that run, and then stops the relay. Handlers that are not done shortly before
// the deadline of ctx have their context ended; their jobs are put back.
func (w *Worker) Stop(ctx context.Context) error {
	if w.stop == nil {
		return nil
	}
	err := w.engine.Stop(ctx)
	w.stop()
	w.group.Wait()
	if err != nil {
		return fmt.Errorf("stop the job engine: %w", err)
	}
	return nil
}
