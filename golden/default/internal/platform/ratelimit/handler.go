package ratelimit

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/httpx"
)

// class is a kind of requests, with a rule for each of those for whom they are counted.
type class struct{ address, tenant, user Rule }

func newClass(name string, perSecond int) class {
	burst, every := 2*perSecond, time.Second/time.Duration(perSecond)
	return class{
		address: Rule{name + ".address", burst, every},
		tenant:  Rule{name + ".tenant", 10 * burst, every / 10},
		user:    Rule{name + ".user", burst, every},
	}
}

// uses are what a request counts for: who is nobody for the address; a user or a key for the tenant, and for itself wherever it acts.
func (l *Limiter) uses(ctx context.Context, c class) []Use {
	who := authz.From(ctx)
	switch {
	case who.Kind == authz.Nobody:
		return []Use{c.address.For(l.Address(ctx))}
	case who.Tenant.IsZero():
		return []Use{c.user.For(who.ID.String())}
	default:
		return []Use{c.tenant.For(who.Tenant.String()), c.user.For(who.ID.String())}
	}
}

// Handler counts every request but those for the health of the process, in the class of those that read or of those that write.
// It stands where is known who acts.
//
// The answer says how much is left in RateLimit-Limit, -Remaining and -Reset, the form in which proxies and clients know them; the
// later drafts of the IETF, which put it into structured fields, are no standard yet either. They are spelt as Go spells them, which is
// faster and to clients the same.
func (l *Limiter) Handler(next http.Handler) http.Handler {
	perSecond := max(l.PerSecond, 1)
	reads, writes := newClass("reads", perSecond), newClass("writes", max(perSecond/5, 1))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if l.PerSecond == 0 || httpx.IsHealth(r) {
			next.ServeHTTP(w, r)
			return
		}
		requests := writes
		if httpx.Safe(r.Method) {
			requests = reads
		}
		v := l.take(r.Context(), l.uses(r.Context(), requests))
		w.Header().Set("Ratelimit-Limit", strconv.Itoa(v.rule.Burst))
		w.Header().Set("Ratelimit-Remaining", strconv.FormatInt(v.left, 10))
		w.Header().Set("Ratelimit-Reset", seconds(v.reset))
		if v.wait > 0 {
			httpx.WriteError(r.Context(), w, v.problem())
			return
		}
		next.ServeHTTP(w, r)
	})
}
