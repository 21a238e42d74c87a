package events_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/events"
)

// TestNoEventIsSkippedWhereASlowTransactionCommitsBehindFastOnes does what loses events elsewhere: who reads on from the last
// number that it saw never sees a lower one that is committed later. Such a reader runs beside ours, and must lose.
func TestNoEventIsSkippedWhereASlowTransactionCommitsBehindFastOnes(t *testing.T) {
	s := newStreet(t)
	s.on("walls.paint_shop", note)
	s.exec(`create table walls.numbered (number bigserial primary key, colour text not null);
		grant insert on walls.numbered to myapp_walls; grant usage on sequence walls.numbered_number_seq to myapp_walls`)
	var want, seen []string
	last := int64(0)
	read := func() {
		s.run()
		var numbers []int64
		err := s.database.Read(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
			rows, _ := tx.Query(ctx, `select number, colour from walls.numbered where number > $1 order by number`, last)
			var number int64
			var colour string
			_, err := pgx.ForEachRow(rows, []any{&number, &colour}, func() error {
				numbers, seen = append(numbers, number), append(seen, colour)
				return nil
			})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		last = max(last, slices.Max(append(numbers, 0)))
	}
	publish := func(colour string, meanwhile func()) {
		want = append(want, colour)
		err := s.domain.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
			if err := events.Publish(ctx, tx, painted{"north", 1, colour}); err != nil {
				return err
			}
			err := dbtest.Exec(`insert into walls.numbered (colour) values ($1)`, colour)(ctx, tx)
			meanwhile()
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		read()
	}
	for i := range 10 {
		publish(fmt.Sprint("slow ", i), func() {
			for j := range 3 {
				publish(fmt.Sprintf("fast %d.%d", i, j), func() {})
			}
		})
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, s.effects()); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
	if len(seen) != 30 {
		t.Errorf("who reads on from the last number saw %d events of %d: this test proves nothing", len(seen), len(want))
	}
}

// keep is how a copy of what changes is kept: the newer version stays, whatever comes when.
func keep(ctx context.Context, tx pgx.Tx, e painted) error {
	_, err := tx.Exec(ctx, `
		insert into walls.copies as copy (wall, version, colour) values ($1, $2, $3)
		on conflict (wall) do update set version = excluded.version, colour = excluded.colour
		where copy.version < excluded.version`, e.Wall, e.Version, e.Colour)
	return err
}

func TestACopyIsTheSameInWhateverOrderTheEventsCome(t *testing.T) {
	s := newStreet(t)
	s.on("walls.copy", keep)
	var all []events.Event
	for wall := range 3 {
		for version := range 8 {
			all = append(all, painted{strconv.Itoa(wall), version, fmt.Sprint("colour ", version)})
		}
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for range 5 {
		s.exec(`truncate walls.copies`)
		s.publish(t.Context(), all...)
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		s.run()
		want := []string{"0 7 colour 7", "1 7 colour 7", "2 7 colour 7"}
		if diff := cmp.Diff(want, s.texts(`select concat_ws(' ', wall, version, colour) from walls.copies`)); diff != "" {
			t.Errorf("copies (-want +got):\n%s", diff)
		}
	}
}
