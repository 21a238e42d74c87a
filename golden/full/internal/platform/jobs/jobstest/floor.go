package jobstest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/jobs"
)

// write writes a row, and does something else in the same transaction.
func (s *Station) write(b *testing.B, then func(context.Context, pgx.Tx) error) {
	b.Helper()
	err := s.Database.As("probe").InTx(b.Context(), func(ctx context.Context, tx pgx.Tx) error {
		if err := Note(ctx, tx, Probe{}); err != nil {
			return err
		}
		return then(ctx, tx)
	})
	if err != nil {
		b.Fatal(err)
	}
}

func enqueueOne(ctx context.Context, tx pgx.Tx) error {
	return jobs.Enqueue(ctx, tx, Probe{})
}

func insertPlain(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `insert into probe.plain (payload) values ('{"Number": 1}')`)
	return err
}

// enqueuePlain inserts so many plain rows in a transaction, and returns their ids.
func (s *Station) enqueuePlain(b *testing.B, n int) (ids []int64) {
	b.Helper()
	const insert = `insert into probe.plain (payload) select '{"Number": 1}' from generate_series(1, $1::integer) returning id`
	err := s.Database.As("probe").InTx(b.Context(), func(ctx context.Context, tx pgx.Tx) (err error) {
		rows, _ := tx.Query(ctx, insert, n) // its error is that of CollectRows
		ids, err = pgx.CollectRows(rows, pgx.RowTo[int64])
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return ids
}

// workPlain deletes plain rows, each in a transaction that has the effect, as many at once as there are workers.
func (s *Station) workPlain(b *testing.B, ids []int64, effect func(context.Context, pgx.Tx) error) {
	b.Helper()
	waiting := make(chan int64, len(ids))
	for _, id := range ids {
		waiting <- id
	}
	close(waiting)
	var group sync.WaitGroup
	for range Workers {
		group.Go(func() {
			database := s.Database.As("probe")
			for id := range waiting {
				take := database.Begin(b.Context(), time.Minute)
				take.Queue(database, func(pgx.Rows) error { return nil }, `delete from probe.plain where id = $1 returning payload`, id)
				if err := take.InTx(b.Context(), effect); err != nil {
					b.Error(err)
				}
			}
		})
	}
	group.Wait()
}

// vacuum does what Postgres does by itself elsewhere.
func (s *Station) vacuum(b *testing.B) {
	b.Helper()
	conn, err := pgx.Connect(b.Context(), s.Options.URL.Reveal())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(b.Context())
	if _, err := conn.Exec(b.Context(), `vacuum`); err != nil {
		b.Fatal(err)
	}
}
