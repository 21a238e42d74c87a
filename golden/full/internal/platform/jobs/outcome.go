package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
)

// maxResult is how many bytes the result of an operation may have. What is more belongs elsewhere, and the result is a link to it.
const maxResult = 64 << 10

// Result makes v, as JSON, what the client is told the job came to, if one follows it. It is stored when the handler returns, with
// its effects; after an error it is not.
func Result(ctx context.Context, v any) error {
	result, err := json.Marshal(v)
	if err != nil {
		return Permanent(fmt.Errorf("encode the result: %w", err))
	}
	if len(result) > maxResult {
		return Permanent(fmt.Errorf("the result has %d bytes, and %d at most are kept", len(result), maxResult))
	}
	if o, _ := ctx.Value(outcomeKey{}).(*outcome); o != nil {
		o.result = string(result)
	}
	return nil
}

// Refuse ends the job for good, and nothing of what the handler did lasts. The client that follows it is told the code and the
// detail, which is for people; no dead letter is left. If none follows it, it is a Permanent error.
func Refuse(code, detail string) error {
	return Permanent(refusal{code, detail})
}

type refusal struct{ code, detail string }

func (r refusal) Error() string { return r.detail }

// outcome is what the client that follows a job is told in the end.
type outcome struct {
	// followed says that there is one.
	followed bool

	// result is JSON, or "" for none.
	result string
}

type outcomeKey struct{}

const selectFollowed = `select from jobs.operations where id = $1`

func (o *outcome) read(rows pgx.Rows) error {
	o.followed = rows.Next()
	return rows.Err()
}

// end writes down that the job succeeded.
func (o *outcome) end(ctx context.Context, tx pgx.Tx, jobs *db.DB, job string) error {
	const succeed = `update jobs.operations set result = nullif($2, '')::jsonb, finished_at = clock_timestamp() where id = $1`
	if err := jobs.ExecAs(ctx, tx, succeed, job, o.result); err != nil {
		return fmt.Errorf("write down the result: %w", err)
	}
	return nil
}

// refuse deletes a job whose handler refused it, and writes down why.
const refuse = `
	with refused as (delete from jobs.jobs where id = $1 and attempts = $2 returning id)
	update jobs.operations o set error_code = $3, error_detail = $4, finished_at = now() from refused where o.id = refused.id`

// refused returns what becomes of a followed job whose handler refused it.
func (o *outcome) refused(cause error) (verdict, bool) {
	r, refused := errors.AsType[refusal](cause)
	if !refused || !o.followed {
		return verdict{}, false
	}
	return verdict{level: slog.LevelInfo, outcome: "job refused", record: refuse, args: []any{r.code, clean(r)}}, true
}

// forgetOperations deletes what nobody asks for any more.
type forgetOperations struct{}

// Kind implements Job.
func (forgetOperations) Kind() string { return "jobs.forget_operations" }

// ForgetOperations adds what deletes operations, each hour: those that ended longer ago than keep. Of a dead letter it is kept as
// long as that, since it may be retried.
func ForgetOperations(m *Mux, d *db.DB, keep time.Duration) {
	const forget = `
		delete from jobs.operations o where coalesce(finished_at, created_at) < now() - make_interval(secs => $1)
			and not exists (select from jobs.jobs j where j.id = o.id) and not exists (select from jobs.dead_letters l where l.id = o.id)`
	across := db.AcrossTenants(d, "operations that ended long ago are deleted")
	Handle(m, across, func(ctx context.Context, tx pgx.Tx, _ forgetOperations) error {
		if _, err := tx.Exec(ctx, forget, keep.Seconds()); err != nil {
			return fmt.Errorf("delete old operations: %w", err)
		}
		return nil
	})
	Every(m, "jobs.forget_operations", Interval(time.Hour), forgetOperations{})
}
