package jobs

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/id"
)

// follower is somebody who begins operations and asks what became of them.
type follower struct {
	*fixture

	ctx context.Context
}

func (f *fixture) follower() follower {
	return follower{f, authz.With(f.t.Context(), authz.Principal{Kind: authz.User, ID: id.New(), Tenant: id.New()})}
}

// begin begins a probe as a domain does.
func (f follower) begin(options ...Option) (begun Operation) {
	f.t.Helper()
	err := f.database.As("probe").InTx(f.ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		begun, err = Begin(ctx, tx, probe{"a"}, options...)
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return begun
}

// look returns the operation, and its answer without what differs each time.
func (f follower) look(begun Operation) (Operation, string) {
	f.t.Helper()
	found, err := FindOperation(f.ctx, f.database, begun.ID)
	if err != nil {
		f.t.Fatal(err)
	}
	if found.ID != begun.ID || !found.CreatedAt.Equal(begun.CreatedAt) || found.Done() == (found.FinishedAt == nil) && found.Status != StatusCanceled {
		f.t.Errorf("began %+v, found %+v", begun, found)
	}
	answer, err := json.Marshal(found)
	if err != nil {
		f.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(answer), `"status":`)
	status, _, _ := strings.Cut(rest, ",")
	for _, field := range []string{`"progress":`, `"result":`, `"error":`} {
		if _, value, there := strings.Cut(rest, field); there {
			return found, status + " " + field + strings.TrimSuffix(value, "}")
		}
	}
	return found, status
}

// want looks whether the operation is as it should be.
func (f follower) want(when string, begun Operation, want string) {
	f.t.Helper()
	if _, got := f.look(begun); got != want {
		f.t.Errorf("%s: got %s, want %s", when, got, want)
	}
}

// deliver runs the job of the operation, which is due.
func (f follower) deliver(begun Operation) {
	f.t.Helper()
	f.exec(`update jobs.jobs set run_at = now()`)
	if err := f.run(f.t.Context(), begun.ID.String()); err != nil {
		f.t.Fatal(err)
	}
}

const givenUp = `"failed" "error":{"code":"given_up","detail":"it was tried, and given up"}`
