package app

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/platform/db"
)

const deadLetterID = "01890000-0000-7000-8000-000000000000"

func TestDeadLettersAreShownAndRetried(t *testing.T) {
	environ := available(t)
	if code, stdout, stderr := execute(t, environ, "admin", "dlq", "ls"); code != 0 || stdout != "no dead letters\n" || stderr != "" {
		t.Fatalf("without any it ends with %d, prints %q and %q", code, stdout, stderr)
	}
	bury(t, environ)

	code, stdout, _ := execute(t, environ, "admin", "dlq", "ls")
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	if code != 0 || len(lines) != 2 || !strings.HasPrefix(lines[1], deadLetterID+"  mail.send  2 ") || !strings.HasSuffix(lines[1], "  req-7    no such address") {
		t.Errorf("it ends with %d and prints\n%s", code, stdout)
	}
	_, stdout, stderr := execute(t, environ, "admin", "dlq", "show", deadLetterID)
	if diff := cmp.Diff(deadLetterShown, stdout); diff != "" || stderr != "" {
		t.Errorf("show says %q and\n%s", stderr, diff)
	}
	if code, stdout, stderr := execute(t, environ, "admin", "dlq", "retry", deadLetterID); code != 0 || stdout != "retried "+deadLetterID+"\n" {
		t.Errorf("retry ends with %d, prints %q and %q", code, stdout, stderr)
	}
	wantRecorded(t, environ, "jobs.dead_letter_retried "+deadLetterID)
}

const deadLetterShown = `{
    "id": "01890000-0000-7000-8000-000000000000",
    "kind": "mail.send",
    "queue": "default",
    "payload": {
        "To": "a"
    },
    "attempts": 2,
    "last_error": "no such address\nat line 7",
    "errors": [
        "2030-01-02T03:04:05Z 1: not today",
        "2030-01-03T03:04:05Z 2: no such address"
    ],
    "request_id": "req-7",
    "tenant_id": "01890000-0000-7000-8000-000000000001",
    "actor_id": "",
    "created_at": "2030-01-02T03:04:05Z",
    "died_at": "2030-01-03T03:04:05Z"
}

no such address
at line 7
`

func TestADroppedDeadLetterIsGone(t *testing.T) {
	environ := available(t)
	bury(t, environ)
	if code, stdout, stderr := execute(t, environ, "admin", "dlq", "drop", deadLetterID); code != 0 || stdout != "dropped "+deadLetterID+"\n" {
		t.Errorf("drop ends with %d, prints %q and %q", code, stdout, stderr)
	}
	for _, verb := range []string{"show", "retry", "drop"} {
		code, _, stderr := execute(t, environ, "admin", "dlq", verb, deadLetterID)
		if want := `myapp: ` + verb + ` "` + deadLetterID + `": there is no such dead letter` + "\n    myapp admin dlq ls\n"; code != 1 || stderr != want {
			t.Errorf("%s of what is gone ends with %d and %q", verb, code, stderr)
		}
	}
	wantRecorded(t, environ, "jobs.dead_letter_dropped "+deadLetterID)
}

// bury makes a dead letter.
func bury(t *testing.T, environ []string) {
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
		insert into jobs.dead_letters
			(id, kind, queue, payload, attempts, last_error, errors, request_id, traceparent, tenant_id, created_at, died_at)
		values ($1, 'mail.send', 'default', '{"To": "a"}', 2, E'no such address\nat line 7',
			array['2030-01-02T03:04:05Z 1: not today', '2030-01-03T03:04:05Z 2: no such address'],
			'req-7', '', '01890000-0000-7000-8000-000000000001', '2030-01-02 03:04:05Z', '2030-01-03 03:04:05Z')`
	err = database.As("jobs").InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, insert, deadLetterID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
