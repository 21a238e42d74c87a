package idempotency_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/httpx/httpxtest"
	"example.com/myapp/internal/platform/id"
)

func TestWhatIsRepeatedIsDoneOnceAndAnsweredAsBefore(t *testing.T) {
	s := open(t, place)
	answer := func(w *httptest.ResponseRecorder) []string {
		return []string{strconv.Itoa(w.Code), w.Header().Get("Content-Type"), w.Header().Get("Location"), w.Body.String()}
	}
	first, again := s.send(request{body: "tea"}), s.send(request{body: "tea"})
	if first.Code != http.StatusCreated || replayed(first) || !replayed(again) {
		t.Errorf("first %d %v, again %v", first.Code, first.Header(), again.Header())
	}
	if diff := cmp.Diff(answer(first), answer(again)); diff != "" {
		t.Errorf("answer of the repetition (-first +again):\n%s", diff)
	}
	if n := s.orders(); n != 1 {
		t.Errorf("%d orders", n)
	}
}

func TestWithoutAKeyASomebodyOrAChangeARequestPasses(t *testing.T) {
	s := open(t, place)
	nobody := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/orders", strings.NewReader("tea"))
	nobody.Header.Set("Idempotency-Key", "k")
	s.handler.ServeHTTP(httptest.NewRecorder(), nobody)
	for range 2 {
		s.send(request{method: http.MethodGet})
		keyless := httptest.NewRequestWithContext(authz.With(t.Context(), authz.Principal{Kind: authz.User}), http.MethodPost, "/orders", strings.NewReader("tea"))
		s.handler.ServeHTTP(httptest.NewRecorder(), keyless)
	}
	keys := dbtest.Value[int](t, s.database, "select count(*) from idempotency.keys")
	if n := s.orders(); n != 5 || keys != 0 {
		t.Errorf("%d orders, %d keys", n, keys)
	}
}

func TestAKeyIsOneOfVisibleCharacters(t *testing.T) {
	s := open(t, place)
	for _, keys := range [][]string{{""}, {"a b"}, {"é"}, {"a\x7f"}, {strings.Repeat("k", 129)}, {"a", "b"}} {
		if got := httpxtest.Code(t, s.send(request{keys: keys})); got != "400 idempotency_key_invalid" {
			t.Errorf("%q: %s", keys, got)
		}
	}
	if w := s.send(request{keys: []string{strings.Repeat("~", 128)}}); w.Code != http.StatusCreated {
		t.Errorf("the longest key: %d", w.Code)
	}
}

func TestAnotherRequestUnderTheSameKeyIsRefused(t *testing.T) {
	s := open(t, place)
	s.send(request{body: "tea"})
	for _, other := range []request{{body: "coffee"}, {body: "tea", target: "/orders?gift=1"}, {body: "tea", ifMatch: `"2"`}, {}} {
		if got := httpxtest.Code(t, s.send(other)); got != "422 idempotency_key_reused" {
			t.Errorf("%+v: %s", other, got)
		}
	}
	if got := httpxtest.Code(t, s.send(request{body: strings.Repeat("x", 1002)})); got != "413 request_entity_too_large" {
		t.Errorf("a body that is too long: %s", got)
	}
	if n := s.orders(); n != 1 {
		t.Errorf("%d orders", n)
	}
}

func TestAKeyBelongsToWhoAsksAndWhatFor(t *testing.T) {
	s := open(t, place)
	u := id.New()
	requests := []request{
		{},
		{method: http.MethodPut},
		{target: "/others"},
		{keys: []string{"K"}},
		{who: authz.Principal{Kind: authz.User, ID: u}},
		{who: authz.Principal{Kind: authz.Key, ID: u}},
		{who: authz.Principal{Kind: authz.User, ID: u, Tenant: id.New()}},
	}
	for range 2 {
		for _, r := range requests {
			s.send(r)
		}
	}
	if n := s.orders(); n != len(requests) {
		t.Errorf("%d orders, want %d", n, len(requests))
	}
}

// What is kept is not done again, though its cause is gone.
func TestAnAnswerIsKeptIfTheNextTryHasTheSame(t *testing.T) {
	for name, test := range map[string]struct {
		err    error
		status int
		orders int // after the first try, the second
		again  int
	}{
		"bad request":   {httpx.NewProblem(http.StatusBadRequest, "x", ""), http.StatusBadRequest, 1, 1},
		"unprocessable": {httpx.NewProblem(http.StatusUnprocessableEntity, "x", ""), http.StatusUnprocessableEntity, 1, 1},
		"denied":        {authz.ErrDenied, http.StatusForbidden, 1, 2},
		"anonymous":     {authz.ErrAnonymous, http.StatusUnauthorized, 1, 2},
		"not found":     {httpx.NewProblem(http.StatusNotFound, "x", ""), http.StatusNotFound, 1, 2},
		"conflict":      {httpx.NewProblem(http.StatusConflict, "x", ""), http.StatusConflict, 1, 2},
		"too many":      {httpx.NewProblem(http.StatusTooManyRequests, "x", ""), http.StatusTooManyRequests, 1, 2},
		"our fault":     {errors.New("x"), http.StatusInternalServerError, 0, 1},
		"panic":         {nil, http.StatusInternalServerError, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			tries := 0
			s := open(t, func(ctx context.Context, orders *db.DB) (*order, error) {
				taken, err := place(ctx, orders)
				tries++
				switch {
				case tries > 1 || err != nil:
					return taken, err
				case test.err == nil:
					panic("x")
				}
				return nil, test.err
			})
			if w := s.send(request{}); w.Code != test.status || s.orders() != test.orders {
				t.Errorf("first: %d and %d orders", w.Code, s.orders())
			}
			again := s.send(request{})
			if kept := test.orders == test.again; replayed(again) != kept || kept && again.Code != test.status || s.orders() != test.again {
				t.Errorf("again: %d %v and %d orders", again.Code, again.Header(), s.orders())
			}
		})
	}
}

func TestARouteThatIsNotThereIsAProblemUnderAKeyToo(t *testing.T) {
	s := open(t, place)
	for range 2 {
		if got := httpxtest.Code(t, s.send(request{target: "/nowhere"})); got != "404 not_found" {
			t.Error(got)
		}
	}
}

func TestWhatIsSecretOrTooLongIsNotKept(t *testing.T) {
	for name, test := range map[string]struct {
		target string
		change func(*order)
	}{
		"a secret operation": {"/secrets", func(*order) {}},
		"a cookie":           {"/orders", func(o *order) { o.SetCookie = "session=x" }},
		"a long answer":      {"/orders", func(o *order) { o.Body.Text = strings.Repeat("x", 256<<10) }},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, func(ctx context.Context, orders *db.DB) (*order, error) {
				taken, err := place(ctx, orders)
				test.change(taken)
				return taken, err
			})
			if w := s.send(request{target: test.target}); w.Code >= http.StatusMultipleChoices {
				t.Errorf("first: %d %s", w.Code, w.Body)
			}
			if got := httpxtest.Code(t, s.send(request{target: test.target})); got != "409 idempotency_answer_not_stored" {
				t.Errorf("again: %s", got)
			}
			kept := dbtest.Value[int](t, s.database, "select num_nonnulls(headers, body) from idempotency.keys")
			if n := s.orders(); n != 1 || kept != 0 {
				t.Errorf("%d orders, %d of headers and body are kept", n, kept)
			}
		})
	}
}

func TestACommitThatFailsIsOurFaultAndNothingIsKept(t *testing.T) {
	for name, breaks := range map[string]func(context.Context, *db.DB, *db.DB) error{
		"a deferred constraint": func(ctx context.Context, orders, _ *db.DB) error {
			return orders.InTx(ctx, dbtest.Exec("insert into orders.orders (after) values (0)"))
		},
		"a lost connection": func(ctx context.Context, orders, admin *db.DB) error {
			var pid int
			err := orders.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
				return tx.QueryRow(ctx, "select pg_backend_pid()").Scan(&pid)
			})
			return errors.Join(err, admin.InTx(context.Background(), dbtest.Exec("select pg_terminate_backend($1, 5000)", pid)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			var database *db.DB
			tries := 0
			s := open(t, func(ctx context.Context, orders *db.DB) (*order, error) {
				taken, err := place(ctx, orders)
				if tries++; tries == 1 {
					err = errors.Join(err, breaks(ctx, orders, database))
				}
				return taken, err
			})
			database = s.database
			if got := httpxtest.Code(t, s.send(request{})); got != "500 internal_server_error" || s.orders() != 0 {
				t.Errorf("first: %s and %d orders", got, s.orders())
			}
			if w := s.send(request{}); w.Code != http.StatusCreated || s.orders() != 1 {
				t.Errorf("again: %d and %d orders", w.Code, s.orders())
			}
		})
	}
}

func TestAnAnswerIsKeptForThreeDays(t *testing.T) {
	s := open(t, place)
	s.send(request{})
	s.change("created_at = now() - interval '71 hours 59 minutes'")
	if w := s.send(request{}); !replayed(w) {
		t.Errorf("before the end: %d", w.Code)
	}
	s.change("created_at = now() - interval '72 hours 1 minute'")
	if w := s.send(request{body: "another"}); w.Code != http.StatusCreated || replayed(w) {
		t.Errorf("after the end: %d %s", w.Code, w.Body)
	}
}

func TestAttackGuessWhatWasSentFromADumpOfTheDatabase(t *testing.T) {
	t.Attr("tried", "guess a password that was sent with an Idempotency-Key by the hash of the request, which costs nothing to compute")
	t.Attr("stopped", "the hash is of the key, too, which is not stored and which a client draws")
	s := open(t, place)
	const body = `{"old":"hunter2hunter2","new":"correct horse battery"}`
	for range 2 {
		s.send(request{method: http.MethodPut, body: body, keys: []string{rand.Text()}})
	}
	if n := dbtest.Value[int](t, s.database, `select count(distinct request_hash) from idempotency.keys`); n != 2 {
		t.Errorf("%d hashes of two requests: what is stored depends on nothing that only the client knows", n)
	}
}
