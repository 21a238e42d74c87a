// Package riverengine delivers jobs by River.
//
// Of River it uses the fetching, the workers, the scheduling of what is for later and the election of the process that does
// that, and not the rest: how often a job was tried and what becomes of it is the runner's. Nothing of River is visible
// outside of this package and of the migrations.
//
// River polls, and nothing in the transaction of an Enqueue notifies it: a NOTIFY makes all commits of the server wait for
// each other. The poll of an idle process is a query of an empty index every ten milliseconds.
package riverengine

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"example.com/myapp/internal/platform/jobs"
)

// Options says how to work.
type Options struct {
	// Concurrency is how many jobs run at once in this process.
	Concurrency int

	// Log gets what River has to say.
	Log *slog.Logger
}

const (
	// poll is the pause between two looks into an empty queue, to which River adds up to 10 ms by chance. It is the wait of a
	// job that comes alone; River's own default is a second.
	poll = time.Millisecond

	// vendorPoll is that of the queue of a vendor, which takes longer to answer.
	vendorPoll = 50 * time.Millisecond

	// cooldown is the least pause between two fetches. River's own default of 100 ms lets ten workers do 100 jobs a second.
	cooldown = time.Millisecond

	// never is for what River would do by time and the sweeper does by lock.
	never = 10 * 365 * 24 * time.Hour

	// reserve is what Stop keeps of its time for handlers to end after their contexts have.
	reserve = 3 * time.Second
)

// Engine is a jobs.Engine.
type Engine struct {
	pool    *pgxpool.Pool
	options Options
	client  *river.Client[pgx.Tx]
}

// New returns an engine that has not started. The sessions of the pool are in the role of the schema jobs; it must stay open
// until the engine has stopped.
func New(pool *pgxpool.Pool, o Options) *Engine {
	return &Engine{pool: pool, options: o}
}

// Start begins to deliver jobs of these kinds. Jobs of another kind wait for a program that knows them; without kinds there is
// nothing to do.
func (e *Engine) Start(ctx context.Context, kinds []string, run func(ctx context.Context, id, kind string) error) error {
	if len(kinds) == 0 {
		return nil
	}
	queues := map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: e.options.Concurrency}}
	for vendor, most := range jobs.Vendors() {
		queues[vendor] = river.QueueConfig{MaxWorkers: most, FetchPollInterval: vendorPoll}
	}
	workers := river.NewWorkers()
	for _, kind := range kinds {
		river.AddWorkerArgs(workers, delivery{kind}, &worker{run: run})
	}
	client, err := river.NewClient(riverpgxv5.New(e.pool), &river.Config{
		Schema:               "jobs",
		Queues:               queues,
		Workers:              workers,
		FetchOnlyKnownKinds:  true,
		FetchCooldown:        cooldown,
		FetchPollInterval:    poll,
		PollOnly:             true,
		JobTimeout:           -1, // the runner's
		RescueStuckJobsAfter: never,
		ReindexerSchedule:    river.NeverSchedule(), // needs the owner of the table
		Logger:               e.options.Log,

		// They keep the table from being empty.
		CancelledJobRetentionPeriod: -1,
	})
	if err != nil {
		return err
	}
	e.client = client
	return client.Start(context.WithoutCancel(ctx))
}

// Stop fetches no more, waits for the handlers, and ends their context 3 s before the deadline of ctx.
func (e *Engine) Stop(ctx context.Context) error {
	if e.client == nil {
		return nil
	}
	patience, cancel := ctx, context.CancelFunc(func() {})
	if deadline, ok := ctx.Deadline(); ok {
		patience, cancel = context.WithDeadline(ctx, deadline.Add(-reserve))
	}
	defer cancel()
	if err := e.client.Stop(patience); err == nil {
		return nil
	}
	if err := e.client.StopAndCancel(ctx); err != nil {
		return fmt.Errorf("wait for handlers that ignore their context: %w", err)
	}
	return nil
}

// delivery is a job to River: its kind, and nothing of what is in it.
type delivery struct{ kind string }

// Kind implements river.JobArgs.
func (d delivery) Kind() string { return d.kind }

// UnmarshalJSON leaves the payload to the runner.
func (*delivery) UnmarshalJSON([]byte) error { return nil }

// worker gives the id of a job to the runner.
type worker struct {
	river.WorkerDefaults[delivery]

	run func(ctx context.Context, id, kind string) error
}

// Work implements river.Worker.
func (w *worker) Work(ctx context.Context, job *river.Job[delivery]) error {
	var known struct {
		ID string `json:"job_id"`
	}
	if err := json.Unmarshal(job.Metadata, &known); err != nil {
		return fmt.Errorf("read the id of the job: %w", err)
	}
	return w.run(ctx, known.ID, job.Kind)
}
