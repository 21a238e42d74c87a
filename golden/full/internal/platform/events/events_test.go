package events_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/logging"
)

// painted is an event of the domain that the tests play.
type painted struct {
	Colour string `json:"colour"`
	kind   string
}

func (p painted) EventType() string { return p.kind }

// walls is the schema of that domain.
func walls() db.Schema {
	files := fstest.MapFS{"0001_walls.sql": &fstest.MapFile{Data: []byte("-- +goose Up\ncreate table walls.walls ();")}}
	return db.Schema{Name: "walls", Files: files}
}

func record(e events.Event) func(context.Context, pgx.Tx) error {
	return func(ctx context.Context, tx pgx.Tx) error { return events.Record(ctx, tx, e) }
}

func TestEventIsRecordedAsJSONWithItsRequest(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, events.Schema(), walls())
	ctx := logging.WithRequestID(t.Context(), "r1")
	if err := database.As("walls").InTx(ctx, record(painted{"green", "walls.painted.v1"})); err != nil {
		t.Fatal(err)
	}
	got := dbtest.Value[string](t, database, "select concat_ws(' ', type, payload, request_id, recorded_at <= now()) from events.events")
	if diff := cmp.Diff(`walls.painted.v1 {"colour": "green"} r1 t`, got); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

func TestEventOfARolledBackTransactionNeverWas(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, events.Schema(), walls())
	fails := errors.New("fails")
	err := database.As("walls").InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		return errors.Join(events.Record(ctx, tx, painted{"green", "walls.painted.v1"}), fails)
	})
	if n := dbtest.Value[int](t, database, "select count(*) from events.events"); n != 0 || !errors.Is(err, fails) {
		t.Errorf("%d events, error %v", n, err)
	}
}

func TestTypeWithoutVersionIsRefused(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, events.Schema(), walls()).As("walls")
	for _, kind := range []string{"", "painted", "walls.painted", "walls.painted.v0", "Walls.painted.v1"} {
		if err := database.InTx(t.Context(), record(painted{"green", kind})); err == nil {
			t.Errorf("%q was recorded", kind)
		}
	}
}

func TestDomainCannotReadOrChangeHistory(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, events.Schema(), walls()).As("walls")
	if err := database.InTx(t.Context(), record(painted{"green", "walls.painted.v1"})); err != nil {
		t.Fatal(err)
	}
	for _, attack := range []string{
		"select * from events.events",
		"update events.events set payload = '{}'",
		"delete from events.events",
		"truncate events.events",
		"insert into events.events (id, type, payload, request_id, recorded_at) values (gen_random_uuid(), 'a.b.v1', '{}', '', '2000-01-01')",
	} {
		if err := database.InTx(t.Context(), dbtest.Exec(attack)); err == nil || !strings.Contains(err.Error(), "SQLSTATE 42501") {
			t.Errorf("%s: got %v, want permission denied", attack, err)
		}
	}
}
