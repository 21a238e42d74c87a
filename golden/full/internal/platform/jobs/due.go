package jobs

import (
	"context"
	"log/slog"

	"example.com/myapp/internal/platform/db"
)

// RunDue runs in this goroutine, without an engine, what is due and what becomes due by that, and returns how many jobs it
// ran. It is for the tests of domains. What handlers return is recorded and logged as ever.
func RunDue(ctx context.Context, d *db.DB, m *Mux, log *slog.Logger) (int, error) {
	d = d.As(schemaName)
	here := &inline{runner: &runner{database: d, mux: m, log: log, backoff: backoff}}
	r := relay{database: d, mux: m, engine: here, window: defaultWindow}
	for {
		before := here.runs
		if _, err := r.pushDue(ctx); err != nil || here.runs == before {
			return here.runs, err
		}
	}
}

// inline is an engine that runs what it is pushed.
type inline struct {
	runner *runner
	runs   int
}

func (i *inline) Push(ctx context.Context, t Task) error {
	i.runs++
	return i.runner.run(ctx, t.ID)
}

func (*inline) Start(func(context.Context, string) error) error { return nil }

func (*inline) Stop(context.Context) error { return nil }
