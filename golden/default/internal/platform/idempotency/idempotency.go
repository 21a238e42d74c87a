package idempotency

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/httpx"
)

// errInProgress says that another request with the same key is at work, or has taken over from this one.
var errInProgress = huma.ErrorWithHeaders(httpx.NewProblem(http.StatusConflict, "idempotency_in_progress",
	"the same request is in progress; try again"), http.Header{"Retry-After": {"1"}})

// Handler returns middleware by which a request with the header Idempotency-Key is done once. Only what may change something
// and comes from somebody can have a key; all else passes. Budget is how long a request may take; twice as long, nobody takes over.
func Handler(database *db.DB, budget time.Duration) func(http.Handler) http.Handler {
	s := store{db: database.As("idempotency"), lease: 2 * budget}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if httpx.Safe(r.Method) || r.Header[header] == nil || authz.From(r.Context()).Kind == authz.Nobody {
				next.ServeHTTP(w, r)
				return
			}
			if err := s.serve(w, r, next); err != nil {
				httpx.WriteError(r.Context(), w, err)
			}
		})
	}
}

// Header describes the header to clients.
func Header() *huma.Param {
	return &huma.Param{
		Name: header, In: "header", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: new(128)},
		Description: "The same for each try of one request, which is then done once; three days later it is forgotten",
	}
}

// serve answers r, or returns the error to answer with.
func (s store) serve(w http.ResponseWriter, r *http.Request, next http.Handler) error {
	c, err := read(r)
	if err != nil {
		return err
	}
	earlier, err := s.claim(r.Context(), c)
	if err != nil {
		return err
	}
	if earlier != nil {
		return earlier.replay(w, c)
	}
	a, err := s.run(c, r, next)
	if err == nil {
		a.send(w)
	}
	return err
}

// run lets next do the request, and makes what it did last if the claim still holds. A panic goes on as it is.
func (s store) run(c *claim, r *http.Request, next http.Handler) (*answer, error) {
	ctx, unit := s.db.Unit(r.Context())
	finished := false
	defer func() {
		unit.Rollback(ctx)
		if !finished {
			s.free(r.Context(), c)
		}
	}()

	a := &answer{header: make(http.Header)}
	next.ServeHTTP(a, r.WithContext(ctx))
	if a.code() >= http.StatusInternalServerError {
		return a, nil
	}
	a.secret = httpx.Secret(ctx) || a.header["Set-Cookie"] != nil
	err := unit.Commit(ctx, func(ctx context.Context, tx pgx.Tx) error { return finish(ctx, tx, c, a) })
	if err != nil {
		return nil, err
	}
	finished = true
	return a, nil
}
