package apikeys_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/domains/apikeys"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/httpx/httpxtest"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/jobstest"
)

// exec does something to the keys of all workspaces.
func (w world) exec(statement string, args ...any) {
	w.t.Helper()
	err := w.database.InTx(w.t.Context(), dbtest.Exec(`alter table apikeys.keys no force row level security`))
	if err == nil {
		err = w.database.InTx(w.t.Context(), dbtest.Exec(statement, args...))
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// left is what the domain of the workspaces tells.
type left struct {
	User string `json:"user_id"`
}

func (left) EventType() string { return "workspaces.member_left.v1" }

// leaves tells that the maker is no member any longer.
func (w world) leaves(mux *jobs.Mux) {
	w.t.Helper()
	err := w.database.As("apikeys").InTx(w.ctx(), func(ctx context.Context, tx pgx.Tx) error {
		return events.Publish(ctx, tx, left{id.FromUUID[maker](w.maker.ID).String()})
	})
	if err == nil {
		_, err = jobstest.RunDue(w.t.Context(), w.database, mux, slog.New(slog.DiscardHandler))
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

type maker struct{}

func (maker) Prefix() string { return "user" }

// states are those of the keys that are listed.
func (w world) states() (states []string) {
	w.t.Helper()
	listed, err := w.List(w.ctx())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, key := range listed {
		states = append(states, key.State)
	}
	return states
}

func TestAttackTheKeysOfWhoHasLeftComeBackWithHim(t *testing.T) {
	t.Attr("tried", "use the keys that one made before one was removed, once one is a member again")
	t.Attr("stopped", "who leaves takes his keys with him: they are revoked, and audited")
	w := start(t)
	mux := jobs.NewMux()
	w.Jobs(mux)
	if err := events.Subscribe(t.Context(), w.database, mux); err != nil {
		t.Fatal(err)
	}
	_, text := w.make(reading)
	colleague := w
	colleague.maker.ID = id.New()
	_, other := colleague.make(reading)
	w.leaves(mux)
	w.refuses("the key of who left", text)
	w.works("that of another", other)
	if got := w.states(); len(got) != 1 {
		t.Errorf("%d keys are listed", len(got))
	}
	const query = `select count(*) from audit.entries where action = 'apikeys.key_revoked' and details->>'because' = 'its maker left'`
	if n := dbtest.Value[int](t, db.AcrossTenants(w.database, "look at the audit log"), query); n != 1 {
		t.Errorf("%d entries", n)
	}
}

func TestAttackAKeyThatIsRotatedAtOnceGoesOn(t *testing.T) {
	t.Attr("tried", "go on with a leaked key that its owner rotates without an overlap")
	t.Attr("stopped", "no hours are none, and not as many as if nothing had been said")
	w := start(t)
	client := httpxtest.New(t, w.Routes).As(w.ctx())
	for body, works := range map[string]bool{`{"hours": 0}`: false, `{}`: true, `{"hours": 1}`: true} {
		key, text := w.make(reading)
		if answer := client.Do(http.MethodPost, "/v1/workspace/api-keys/"+key.ID.String()+"/rotate", body, 0); answer.Code != http.StatusCreated {
			t.Fatalf("%d %s", answer.Code, answer.Body)
		}
		if works {
			w.works(body, text)
		} else {
			w.refuses(body, text)
		}
	}
}

func TestAKeyThatIsRotatedTwiceLivesAsLongAsTheFirst(t *testing.T) {
	w := start(t)
	old, _ := w.make(reading)
	for range 2 { // the first answer was lost
		made, _, err := w.Rotate(w.ctx(), old.ID, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if life := made.ExpiresAt.Sub(made.CreatedAt); life != time.Hour {
			t.Errorf("it lives for %s", life)
		}
	}
}

func TestAListShowsWhatWorksBeforeWhatIsOver(t *testing.T) {
	w := start(t)
	w.make(reading)
	w.exec(`
		insert into apikeys.keys (tenant_id, id, name, hash, scopes, created_by, life, expires_at)
		select tenant_id, gen_random_uuid(), 'over', '', scopes, created_by, life, now() - interval '1 hour' from apikeys.keys, generate_series(1, 1100)`)
	w.make(writing)
	states := w.states()
	if diff := cmp.Diff([]string{"active", "active", "expired"}, states[:3]); diff != "" || len(states) != 1000 {
		t.Errorf("%d keys, which begin (-want +got):\n%s", len(states), diff)
	}
}

func TestAWorkspaceHasSoManyKeysAtMost(t *testing.T) {
	w := start(t)
	key, _ := w.make(reading)
	w.exec(`
		insert into apikeys.keys (tenant_id, id, name, hash, scopes, created_by, life, expires_at)
		select tenant_id, gen_random_uuid(), name, '', scopes, created_by, life, expires_at from apikeys.keys, generate_series(2, 500)`)
	client := httpxtest.New(t, w.Routes).As(w.ctx())
	const body = `{"name": "one more", "scopes": ["orders.order.read"]}`
	client.Refused("one more", client.Do(http.MethodPost, "/v1/workspace/api-keys", body, 0), http.StatusConflict, "api_keys_too_many")
	if _, _, err := w.Rotate(w.ctx(), key.ID, time.Hour); !errors.Is(err, apikeys.ErrMany) {
		t.Errorf("one more by rotation: %v", err)
	}
	if _, _, err := w.Rotate(w.ctx(), key.ID, 0); err != nil {
		t.Errorf("one in place of another: %v", err)
	}
	eve := w
	eve.maker.Tenant = id.New()
	eve.make(reading)
}

func TestKeysThatAreOverAreForgottenAMonthLater(t *testing.T) {
	w := start(t)
	kept := map[string]bool{}
	for age, keep := range map[string]bool{"-1 hour": true, "1 hour": true, "29 days": true, "31 days": false} {
		key, _ := w.make(reading)
		w.exec(`update apikeys.keys set expires_at = now() - $2::interval where id = $1`, key.ID, age)
		if keep {
			kept[key.ID.String()] = true
		}
	}
	mux := jobs.NewMux()
	w.Jobs(mux)
	if err := mux.Err(); err != nil {
		t.Fatal(err)
	}
	err := w.database.InTx(authz.With(t.Context(), authz.System(id.UUID{})), dbtest.Exec(`
		insert into jobs.jobs (id, kind, queue, payload) values (gen_random_uuid(), 'apikeys.forget', 'default', '{}')`))
	if err == nil {
		_, err = jobstest.RunDue(t.Context(), w.database, mux, slog.New(slog.DiscardHandler))
	}
	if err != nil {
		t.Fatal(err)
	}
	listed, err := w.List(w.ctx())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, key := range listed {
		got[key.ID.String()] = true
	}
	if diff := cmp.Diff(kept, got); diff != "" {
		t.Error(diff)
	}
}
