package app

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/logging"
)

// doorOpened is an event that no domain has.
type doorOpened struct {
	Door int `json:"door"`
}

func (doorOpened) EventType() string { return "doors.opened.v1" }

func TestEventsAreListedShownAndReplayed(t *testing.T) {
	environ := available(t)
	cfg, err := config.Load(environ)
	if err != nil {
		t.Fatal(err)
	}
	database, err := db.Open(t.Context(), databaseOptions(cfg))
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	ctx := logging.WithRequestID(t.Context(), "req-7")
	err = database.As("audit").InTx(ctx, func(ctx context.Context, tx pgx.Tx) error { return events.Publish(ctx, tx, doorOpened{7}) })
	if err != nil {
		t.Fatal(err)
	}
	event := dbtest.Value[string](t, database, `select id::text from events.events`)
	admin := func(wantCode int, args ...string) []string {
		code, stdout, stderr := execute(t, environ, append([]string{"admin", "events"}, args...)...)
		if code != wantCode {
			t.Errorf("%v ends with %d, prints %q and %q", args, code, stdout, stderr)
		}
		var lines []string
		for line := range strings.Lines(stdout + stderr) {
			lines = append(lines, strings.Join(strings.Fields(line), " "))
		}
		return lines
	}

	at := dbtest.Value[string](t, database, `select to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') from events.events`)
	listed := []string{"ID AT TYPE TENANT ACTOR CAUSE REQUEST PAYLOAD", event + " " + at + ` doors.opened.v1 - - - req-7 {"door": 7}`}
	if diff := cmp.Diff(listed, admin(0, "ls", "--type", "doors.opened.v1", "--since", at)); diff != "" {
		t.Errorf("ls (-want +got):\n%s", diff)
	}
	if got := admin(0, "ls", "--since", "2999-01-01"); len(got) != 1 {
		t.Errorf("ls of the future: %v", got)
	}

	mux := jobs.NewMux()
	events.On(mux, database, "doors.bell", func(context.Context, pgx.Tx, doorOpened) error { return nil })
	if err := events.Subscribe(t.Context(), database, mux); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1 deliveries are due"}, admin(0, "replay", "--to", "doors.bell", "--since", "2001-01-01")); diff != "" {
		t.Errorf("replay (-want +got):\n%s", diff)
	}
	shown := admin(0, "show", event)
	if last := shown[len(shown)-1]; !strings.HasPrefix(last, "doors.bell pending ") || len(shown) != 2 {
		t.Errorf("show: %v", shown)
	}
	backlog := admin(0, "subscribers")
	if last := backlog[len(backlog)-1]; !strings.HasPrefix(last, "doors.bell 1 0 0 ") {
		t.Errorf("subscribers: %v", backlog)
	}

	for _, test := range []struct {
		code int
		args string
		want string
	}{
		{1, "replay --to doors.nobody --since 2001-01-01", "myapp: replay to doors.nobody: nobody listens under this name"},
		{2, "replay --to doors.bell", "myapp: want: admin events replay --to SUBSCRIBER --since TIME"},
		{2, "ls --since yesterday", "myapp: admin events ls: invalid value \"yesterday\" for flag -since: parsing time"},
		{2, "ls now", "myapp: admin events ls takes no now"},
		{2, "show 7", "myapp: admin events show: not a UUID"},
	} {
		if got := admin(test.code, strings.Fields(test.args)...); !strings.HasPrefix(got[0], test.want) {
			t.Errorf("%s: %q, want %s", test.args, got, test.want)
		}
	}
	wantRecorded(t, environ, "events.replayed doors.bell")
}
