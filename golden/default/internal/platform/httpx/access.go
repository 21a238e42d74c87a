package httpx

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"example.com/myapp/internal/platform/authz"
)

// Access is who may use an operation. The zero Access is none: an operation that does not say it is not served.
type Access string

// What does not depend on a permission.
const (
	// Public is for everybody, signed in or not.
	Public Access = "public"

	// SignedIn is for every user and every key, whatever they may do elsewhere.
	SignedIn Access = "signed in"

	// Operator is for our own people.
	Operator Access = "operator"
)

// Needs is for those who have the permission in the tenant in which they act.
func Needs(p authz.Permission) Access {
	return needs + Access(p)
}

const needs = "permission "

// Permission returns the one that is needed, or "".
func (a Access) Permission() authz.Permission {
	p, found := strings.CutPrefix(string(a), needs)
	if !found {
		return ""
	}
	return authz.Permission(p)
}

// Check refuses whoever acts in ctx, unless the operation is for them.
func (a Access) Check(ctx context.Context) error {
	switch a {
	case Public:
		return nil
	case SignedIn:
		return authz.CheckSignedIn(ctx)
	case Operator:
		return authz.CheckOperator(ctx)
	default:
		return authz.Check(ctx, a.Permission())
	}
}

// guard asks who may use op before anything of the request is read.
func (a *API) guard(op Operation) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		err := a.check(ctx.Context(), op)
		if err == nil {
			exchangeOf(ctx.Context()).secret = op.Secret
			next(ctx)
			return
		}
		_, w := humago.Unwrap(ctx)
		writeProblem(ctx.Context(), w, problemFor(ctx.Context(), err))
	}
}

// long is how long after its begin a request is taken for what it was when it was let in.
const long = time.Second

// still is asked when all of a request is there. Who was let in may have lost his rights meanwhile, if the body was long in coming: then
// who acts is asked, and may act, anew.
func (a *API) still(ctx context.Context, op Operation) (context.Context, error) {
	x := exchangeOf(ctx)
	if a.who == nil || x.incoming == nil || time.Since(x.start) < long {
		return ctx, nil
	}
	who, err := a.who(x.incoming.WithContext(ctx))
	ctx = authz.With(ctx, who)
	if err == nil {
		err = a.check(ctx, op)
	}
	return ctx, err
}

// check refuses whoever acts in ctx, unless op is for them, and tells of it.
func (a *API) check(ctx context.Context, op Operation) error {
	err := op.Access.Check(ctx)
	if err != nil && a.denied != nil {
		a.denied(ctx, op)
	}
	return err
}

// authenticate puts who acts into the context of the request. Health asks for nobody, so that it needs nothing.
func authenticate(next http.Handler, who func(*http.Request) (authz.Principal, error)) http.Handler {
	if who == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if IsHealth(r) {
			next.ServeHTTP(w, r)
			return
		}
		p, err := who(r)
		if err != nil {
			WriteError(r.Context(), w, err)
			return
		}
		exchangeOf(r.Context()).who = p
		next.ServeHTTP(w, r.WithContext(authz.With(r.Context(), p)))
	})
}
