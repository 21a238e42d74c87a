package jobs

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
)

// Engine finds due jobs and delivers their ids to workers.
type Engine interface {
	// Start begins to deliver jobs of these kinds: run is called with the id and the kind of a job, many times at once. A job whose
	// run returns an error is delivered again.
	Start(ctx context.Context, kinds []string, run func(ctx context.Context, id, kind string) error) error

	// Stop delivers nothing more and waits for those that run. Shortly before the deadline of ctx it ends their contexts.
	Stop(ctx context.Context) error
}

// Options tunes a worker.
type Options struct {
	// Log gets a line for each job and each failure.
	Log *slog.Logger

	// SweepAfter is how long after its fetching a job that nobody runs is taken for lost. Zero means 15 s.
	SweepAfter time.Duration
}

// Worker runs jobs: the engine that calls the handlers, the sweeper and the schedules.
type Worker struct {
	mux    *Mux
	engine Engine
	runner *runner
	loops  []loop
	begun  atomic.Int64

	stop  context.CancelFunc
	group sync.WaitGroup
}

// NewWorker returns a worker that has not started.
func NewWorker(d *db.DB, e Engine, m *Mux, o Options) *Worker {
	o.SweepAfter = cmp.Or(o.SweepAfter, 15*time.Second)
	r := &runner{database: d.As(schemaName), mux: m, log: o.Log, backoff: backoff}
	sweep := func(ctx context.Context) (bool, error) { return r.sweep(ctx, o.SweepAfter.Seconds()) }
	return &Worker{
		mux:    m,
		engine: e,
		runner: r,
		loops: []loop{
			{name: "job sweeper", pause: o.SweepAfter / 4, worst: o.SweepAfter, step: sweep, log: o.Log},
			{name: "job schedules", pause: cronPause, worst: 10 * time.Second, step: newCron(r.database, m).tick, log: o.Log},
		},
	}
}

// Start begins to run jobs, until Stop.
func (w *Worker) Start(ctx context.Context) error {
	if err := w.mux.Err(); err != nil {
		return err
	}
	ctx, w.stop = context.WithCancel(context.WithoutCancel(ctx))
	if err := w.engine.Start(ctx, w.mux.Kinds(), w.Run); err != nil {
		w.stop()
		return fmt.Errorf("start the job engine: %w", err)
	}
	for _, l := range w.loops {
		w.group.Go(func() { l.run(ctx) })
	}
	return nil
}

// Run does one job, as the engine does of each that it delivers. Before each Share-th it lets others through.
func (w *Worker) Run(ctx context.Context, id, kind string) error {
	if w.begun.Add(1)%Share == 0 {
		err := w.runner.database.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `select jobs.let_through()`)
			return err
		})
		if err != nil {
			w.runner.log.WarnContext(ctx, "no job was let through", "error", err)
		}
	}
	return w.runner.run(ctx, id, kind)
}

// Stop takes no more jobs and waits for those that run. Handlers that are not done shortly before the deadline of ctx have
// their context ended; their jobs are put back.
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
