package ratelimit

import (
	"net/http"
	"time"
)

// Strangers are requests with credentials that nobody knows, or for a workspace of others: what it costs the database to find that
// out. From one address there may be as many as a tenant has requests; each process counts its own.

// Suspect refuses a request from an address from which too many strangers have come: its credentials are not looked for.
func (l *Limiter) Suspect(r *http.Request) error {
	if l.PerSecond == 0 {
		return nil
	}
	return l.strangers.look(l.stranger(r)).problem()
}

// Stranger counts a stranger.
func (l *Limiter) Stranger(r *http.Request) {
	l.strangers.take(r.Context(), []Use{l.stranger(r)})
}

func (l *Limiter) stranger(r *http.Request) Use {
	perSecond := 10 * max(l.PerSecond, 1)
	return Rule{"strangers", 2 * perSecond, time.Second / time.Duration(perSecond)}.For(l.Address(r.Context()))
}
