package billing_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/domains/billing"
	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/httpx/httpxtest"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/page"
)

const path = "/v1/billing/invoices"

// start returns a database of the test's own, and a client of the routes on it.
func start(t *testing.T) (*db.DB, *httpxtest.Client) {
	t.Parallel()
	database := dbtest.New(t,
		audit.Schema(),
		jobs.Schema(),
		events.Schema(),
		billing.Schema(),
	)
	return database, httpxtest.New(t, billing.New(database).Routes).As(billing.Acting(t.Context()))
}

// create stores one, and returns its path and what was answered.
func create(t *testing.T, c *httpxtest.Client, name string) (string, billing.Invoice) {
	t.Helper()
	w := c.Do("POST", path, fmt.Sprintf(`{"name": %q}`, name), 0)
	if w.Code != http.StatusCreated {
		t.Fatalf("create: %d %s", w.Code, w.Body)
	}
	return w.Header().Get("Location"), httpxtest.Decode[billing.Invoice](t, w)
}

// history is the types of all recorded events, in order.
func history(t *testing.T, database *db.DB) []string {
	t.Helper()
	return dbtest.Value[[]string](t, database, `select coalesce(array_agg(type order by id), '{}') from events.events`)
}

// audited is the actions of the audit log that were done to one, in order.
func audited(t *testing.T, database *db.DB, subject billing.InvoiceID) []string {
	t.Helper()
	const query = `select coalesce(array_agg(action order by seq), '{}') from audit.entries where subject = $1`
	return dbtest.Value[[]string](t, db.AcrossTenants(database, "look at the audit log"), query, subject.String())
}

func TestWhatIsCreatedCanBeReadUpdatedAndDeleted(t *testing.T) {
	database, c := start(t)
	at, created := create(t, c, "first")
	if created.Name != "first" || created.Version != 1 || at != path+"/"+created.ID.String() {
		t.Errorf("created at %s: %+v", at, created)
	}
	w := c.Do("GET", at, "", 0)
	if got := httpxtest.Decode[billing.Invoice](t, w); got != created || w.Header().Get("ETag") != `"1"` {
		t.Errorf("read with ETag %s: %+v, want %+v", w.Header().Get("ETag"), got, created)
	}
	w = c.Do("PUT", at, `{"name": "second"}`, 1)
	want := created
	want.Name, want.Version = "second", 2
	got := httpxtest.Decode[billing.Invoice](t, w)
	want.UpdatedAt = got.UpdatedAt
	if got != want || !got.UpdatedAt.After(created.UpdatedAt) || w.Header().Get("ETag") != `"2"` {
		t.Errorf("updated with ETag %s: %+v, want %+v", w.Header().Get("ETag"), got, want)
	}
	if w := c.Do("DELETE", at, "", 2); w.Code != http.StatusNoContent || w.Body.Len() != 0 {
		t.Errorf("delete: %d %s", w.Code, w.Body)
	}
	c.Refused("get what is deleted", c.Do("GET", at, "", 0), 404, "invoice_not_found")
	c.Refused("update what is deleted", c.Do("PUT", at, `{"name": "x"}`, 2), 404, "invoice_not_found")
	c.Refused("delete what is deleted", c.Do("DELETE", at, "", 0), 404, "invoice_not_found")
	if list := c.Do("GET", path, "", 0).Body.String(); list != "{\"items\":[]}\n" {
		t.Errorf("list after the deletion: %s", list)
	}
	events := []string{"billing.invoice_created.v1", "billing.invoice_updated.v1", "billing.invoice_deleted.v1"}
	if diff := cmp.Diff(events, history(t, database)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	entries := []string{"billing.invoice_created", "billing.invoice_updated", "billing.invoice_deleted"}
	if diff := cmp.Diff(entries, audited(t, database, created.ID)); diff != "" {
		t.Errorf("audit log (-want +got):\n%s", diff)
	}
}

func TestOfTwoUpdatesOfOneVersionOneIsRefused(t *testing.T) {
	_, c := start(t)
	at, _ := create(t, c, "first")
	var answers [2]*httptest.ResponseRecorder
	var both sync.WaitGroup
	for i := range answers {
		both.Go(func() { answers[i] = c.Do("PUT", at, `{"name": "second"}`, 1) })
	}
	both.Wait()
	slices.SortFunc(answers[:], func(a, b *httptest.ResponseRecorder) int { return a.Code - b.Code })
	if answers[0].Code != http.StatusOK {
		t.Errorf("the first: %d %s", answers[0].Code, answers[0].Body)
	}
	c.Refused("the second", answers[1], 412, "precondition_failed")
	c.Refused("delete of another version", c.Do("DELETE", at, "", 1), 412, "precondition_failed")
	c.Refused("update without If-Match", c.Do("PUT", at, `{"name": "x"}`, 0), 428, "precondition_required")
}

func TestListIsStableWhileRowsAreAdded(t *testing.T) {
	_, c := start(t)
	var want, got []string
	for range 120 {
		_, created := create(t, c, "before")
		want = append(want, created.ID.String())
	}
	slices.Sort(want)
	slices.Reverse(want)
	var sizes []int
	for cursor := ""; cursor != "end"; {
		list := httpxtest.Decode[page.Page[billing.Invoice]](t, c.Do("GET", path+"?limit=50"+cursor, "", 0))
		for _, item := range list.Items {
			got = append(got, item.ID.String())
		}
		sizes = append(sizes, len(list.Items))
		if cursor = "end"; !list.NextCursor.IsZero() {
			cursor = "&cursor=" + list.NextCursor.String()
		}
		create(t, c, "meanwhile")
	}
	if diff := cmp.Diff([]int{50, 50, 20}, sizes); diff != "" {
		t.Errorf("sizes of the pages (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("newest first (-want +got):\n%s", diff)
	}
}

func TestBadRequestsAreProblems(t *testing.T) {
	_, c := start(t)
	at, _ := create(t, c, strings.Repeat("é", 200))
	for body, code := range map[string]string{
		`{"name": ""}`: "unprocessable_entity",
		`{"name": "` + strings.Repeat("é", 201) + `"}`: "unprocessable_entity",
		`{"name": "x", "other": 7}`:                    "unprocessable_entity",
		`{"name": "  "}`:                               "invoice_name_invalid",
		`{"name": "nul \u0000"}`:                       "invoice_name_invalid",
		`{"name": "two\nlines"}`:                       "invoice_name_invalid",
		`{"name": "two\u2028lines"}`:                   "invoice_name_invalid",
		`{"name": "two\u2029paragraphs"}`:              "invoice_name_invalid",
	} {
		c.Refused("create "+body, c.Do("POST", path, body, 0), 422, code)
		c.Refused("update "+body, c.Do("PUT", at, body, 1), 422, code)
	}
	digits := at[strings.LastIndex(at, "_"):]
	c.Refused("unknown id", c.Do("GET", at[:len(at)-4]+"0000", "", 0), 404, "invoice_not_found")
	c.Refused("malformed id", c.Do("GET", path+"/7", "", 0), 422, "unprocessable_entity")
	c.Refused("id of another kind", c.Do("GET", path+"/other"+digits, "", 0), 422, "unprocessable_entity")
	c.Refused("limit", c.Do("GET", path+"?limit=0", "", 0), 422, "unprocessable_entity")
	c.Refused("cursor", c.Do("GET", path+"?cursor=nonsense", "", 0), 422, "unprocessable_entity")
}

func TestRowAndEventAreOneTransaction(t *testing.T) {
	database, c := start(t)
	refuseAtCommit := dbtest.Exec(`
		create function billing.refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$;
		create constraint trigger refuse after insert on billing.invoices
			deferrable initially deferred for each row execute function billing.refuse()`)
	if err := database.InTx(t.Context(), refuseAtCommit); err != nil {
		t.Fatal(err)
	}
	c.Refused("create", c.Do("POST", path, `{"name": "x"}`, 0), 500, "internal_server_error")
	if got := history(t, database); len(got) != 0 {
		t.Errorf("what was rolled back is in the history: %v", got)
	}
	across := db.AcrossTenants(database, "look at the audit log")
	if n := dbtest.Value[int](t, across, `select count(*) from audit.entries`); n != 0 {
		t.Errorf("what was rolled back is in the audit log: %d entries", n)
	}
}

func TestDomainIsHeldToItsOwnRows(t *testing.T) {
	database, _ := start(t)
	for attack, statement := range map[string]string{
		"read another schema": "select * from events.events",
		"rewrite the history": "update events.events set payload = '{}'",
		"drop its own table":  "drop table billing.invoices",
	} {
		err := database.As("billing").InTx(t.Context(), dbtest.Exec(statement))
		if err == nil || !strings.Contains(err.Error(), "SQLSTATE 42501") {
			t.Errorf("%s: got %v, want permission denied", attack, err)
		}
	}
}
