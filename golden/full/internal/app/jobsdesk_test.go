package app

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
)

// openDesk returns the desk on a database with two dead letters, as an API.
func openDesk(t *testing.T) (database *db.DB, api http.Handler) {
	t.Helper()
	database = dbtest.New(t, audit.Schema(), jobs.Schema())
	err := database.InTx(t.Context(), dbtest.Exec(`
		insert into jobs.dead_letters (id, kind, queue, payload, attempts, last_error, errors, request_id, traceparent, created_at, died_at)
		select ('01890000-0000-7000-8000-00000000000' || n)::uuid, 'a.b', 'low', '{"N": 1}', 12, 'refused', '{}', 'req-7', '', now(), now() + n * interval '1 s'
		from generate_series(1, 2) n`))
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	jobsDesk{database}.routes(httpx.NewAPI(mux, httpx.Options{}))
	return database, mux
}

const deskLetter = "/v1/operator/dead-letters/01890000-0000-7000-8000-00000000000"

// askDesk sends a request of who, and decodes the answer.
func askDesk(t *testing.T, api http.Handler, who authz.Principal, method, path string) (status int, answer map[string]any) {
	t.Helper()
	w := httptest.NewRecorder()
	api.ServeHTTP(w, httptest.NewRequestWithContext(authz.With(t.Context(), who), method, path, nil))
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatalf("%v: %s", err, w.Body)
		}
	}
	return w.Code, answer
}

func TestOurOwnPeopleLookAfterDeadLettersAndTheAuditLogTellsIt(t *testing.T) {
	database, api := openDesk(t)
	operator := authz.Principal{Kind: authz.User, ID: id.New(), Tenant: id.New(), Operator: true}
	ask := func(method, path string) (int, map[string]any) { return askDesk(t, api, operator, method, path) }

	status, answer := ask("GET", "/v1/operator/dead-letters")
	letters, _ := answer["items"].([]any)
	if status != http.StatusOK || len(letters) != 2 {
		t.Fatalf("%d %v", status, answer)
	}
	if status, letter := ask("GET", deskLetter+"1"); status != http.StatusOK || letter["last_error"] != "refused" || letter["request_id"] != "req-7" {
		t.Errorf("%d %v", status, letter)
	}
	for path, method := range map[string]string{"1/retry": "POST", "2": "DELETE"} {
		if status, answer := ask(method, deskLetter+path); status != http.StatusNoContent {
			t.Errorf("%s %s: %d %v", method, path, status, answer)
		}
		if status, answer := ask(method, deskLetter+path); status != http.StatusNotFound || answer["code"] != "dead_letter_not_found" {
			t.Errorf("%s %s again: %d %v", method, path, status, answer)
		}
	}
	status, answer = ask("GET", "/v1/operator/jobs")
	queues, _ := answer["items"].([]any)
	if len(queues) != 1 {
		t.Fatalf("%d %v", status, answer)
	}
	if low, _ := queues[0].(map[string]any); low["queue"] != "low" || low["waiting"] != 1.0 || low["dead"] != 0.0 {
		t.Errorf("%v", low)
	}
	entries, err := audit.List(t.Context(), database, audit.Filter{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, e := range entries {
		if e.Actor == nil || *e.Actor != operator.ID {
			t.Errorf("%s is by %v", e.Action, e.Actor)
		}
		if !e.Tenant.IsZero() {
			t.Errorf("%s stands in the history of the workspace that the request names", e.Action)
		}
		got[e.Action] = e.Subject[len(e.Subject)-1:]
	}
	if diff := cmp.Diff(map[string]string{deskRetried: "1", deskDropped: "2"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAttackTheDeadLettersOfAll(t *testing.T) {
	t.Attr("tried", "read, retry and drop the jobs of all tenants as nobody, and as a user")
	t.Attr("stopped", "the access of the operations, which is for operators")
	database, api := openDesk(t)
	nobody, user := authz.Principal{}, authz.Principal{Kind: authz.User, ID: id.New(), Tenant: id.New()}
	for path, method := range map[string]string{
		deskLetter + "1": "GET", deskLetter + "1/retry": "POST", deskLetter + "2": "DELETE",
		"/v1/operator/dead-letters": "GET", "/v1/operator/jobs": "GET",
	} {
		if status, answer := askDesk(t, api, nobody, method, path); status != http.StatusUnauthorized {
			t.Errorf("nobody: %s %s: %d %v", method, path, status, answer)
		}
		if status, answer := askDesk(t, api, user, method, path); status != http.StatusForbidden {
			t.Errorf("a user: %s %s: %d %v", method, path, status, answer)
		}
	}
	if letters, err := jobs.DeadLetters(t.Context(), database, 10); err != nil || len(letters) != 2 {
		t.Errorf("%d dead letters, %v", len(letters), err)
	}
}
