package app

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/platform/db"
)

func TestDeadLettersAreShownAndRetried(t *testing.T) {
	environ := available(t)
	if code, stdout, stderr := execute(t, environ, "jobs", "dead"); code != 0 || stdout != "no dead letters\n" || stderr != "" {
		t.Fatalf("without any it ends with %d, prints %q and %q", code, stdout, stderr)
	}
	const letter = "01890000-0000-7000-8000-000000000000"
	bury(t, environ, letter)

	code, stdout, _ := execute(t, environ, "jobs", "dead")
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	if code != 0 || len(lines) != 2 || !strings.HasPrefix(lines[1], letter+"  mail.send  12 ") || !strings.HasSuffix(lines[1], "  req-7    no such address") {
		t.Errorf("it ends with %d and prints\n%s", code, stdout)
	}
	if code, stdout, stderr := execute(t, environ, "jobs", "retry", letter); code != 0 || stdout != "due again "+letter+"\n" {
		t.Errorf("retry ends with %d, prints %q and %q", code, stdout, stderr)
	}
	code, _, stderr := execute(t, environ, "jobs", "retry", letter)
	if want := `myapp: retry "` + letter + `": there is no such dead letter` + "\n    myapp jobs dead\n"; code != 1 || stderr != want {
		t.Errorf("a second retry ends with %d and %q", code, stderr)
	}
}

func TestJobsWithoutAKnownWordSaysWhatItTakes(t *testing.T) {
	for _, args := range [][]string{{"jobs"}, {"jobs", "deed"}, {"jobs", "retry"}, {"jobs", "dead", "x"}} {
		if code, _, stderr := execute(t, nil, args...); code != 2 || !strings.HasPrefix(stderr, "myapp: want: jobs dead, or: jobs retry ID\n") {
			t.Errorf("%v ends with %d and %q", args, code, stderr)
		}
	}
}

// bury makes a dead letter.
func bury(t *testing.T, environ []string, letter string) {
	t.Helper()
	cfg, err := config.Load(environ)
	if err != nil {
		t.Fatal(err)
	}
	database, err := db.Open(t.Context(), databaseOptions(cfg))
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	const insert = `
		insert into jobs.dead_letters (id, kind, queue, payload, attempts, last_error, request_id, created_at)
		values ($1, 'mail.send', 'default', '{}', 12, E'no such address\nat line 7', 'req-7', now())`
	err = database.As("jobs").InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, insert, letter)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
