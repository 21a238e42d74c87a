// Package ratelimit refuses what is asked too often.
//
//	Rule -> For(id) -> Use -> Take -> nil, or a Problem with status 429 and Retry-After
//
// It is the generic cell rate algorithm: of a Rule, an id may do Burst at once, and then one more after each Every. What is asked
// counts for several at once, the coarse one first: the tenant, then the user. If one of them refuses, it counts for none.
//
// Handler counts every request. A domain calls Take for what is more dangerous or dearer than a request: a login by the account
// that it is for, a report by the rows that it reads.
//
// Each process counts in a memory that does not grow: behind n of them, n times as much passes.
package ratelimit

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"example.com/myapp/internal/platform/httpx"
)

// Rule is how often something may be done for one id.
type Rule struct {
	// Name is what is done, and what the id is of: "identity.login.account". No other rule of the program has it.
	Name string

	Burst int
	Every time.Duration
}

// Use is what is counted.
type Use struct {
	Rule Rule
	ID   string

	// Cost is how many of the burst it takes. More than the burst is all of it.
	Cost int
}

// For returns one use of the rule.
func (r Rule) For(id string) Use { return Use{r, id, 1} }

// cost and burst are in microseconds, as all that is counted.
func (u Use) cost() int64  { return int64(min(u.Cost, u.Rule.Burst)) * u.Rule.Every.Microseconds() }
func (u Use) burst() int64 { return int64(u.Rule.Burst) * u.Rule.Every.Microseconds() }

// Options are what the process knows of its surroundings.
type Options struct {
	// PerSecond is how many requests a user may go on with. Zero: Handler refuses nothing.
	PerSecond int

	// Proxies are the networks of those whose X-Forwarded-For is believed.
	Proxies []netip.Prefix
}

// Limiter counts. It is safe for concurrent use.
type Limiter struct {
	Options
	counter

	strangers *local
}

// counter counts all of the uses, or none.
type counter interface {
	take(ctx context.Context, uses []Use) verdict
}

// New returns a Limiter that has counted nothing.
func New(o Options) *Limiter {
	return &Limiter{o, newLocal(), newLocal()}
}

// Take counts the uses and returns nil, or counts none and returns a Problem that says after what time to try again.
func (l *Limiter) Take(ctx context.Context, uses ...Use) error {
	return l.take(ctx, uses).problem()
}

// verdict is what was decided of some uses: by the one that refused, else by the one of which the least is left.
type verdict struct {
	rule Rule

	// wait is 0, or after what time the refused may try again.
	wait time.Duration

	// left is how many more may follow at once, and reset is after what time it is the whole burst.
	left  int64
	reset time.Duration
}

// judge decides about uses that began at now, by the moments at which each will have its whole burst again. It ends with the first
// that refuses.
func judge(now int64, next []int64, uses []Use) (v verdict) {
	for i, at := range next {
		u := uses[i]
		spare := now + u.burst() - at
		wait := max(-spare, 0)
		if wait > 0 { // it is not counted
			spare, at = spare+u.cost(), at-u.cost()
		}
		left := spare / u.Rule.Every.Microseconds()
		if i == 0 || wait > 0 || left < v.left {
			v = verdict{u.Rule, micros(wait), left, micros(at - now)}
		}
		if wait > 0 {
			return v
		}
	}
	return v
}

func micros(n int64) time.Duration { return time.Duration(n) * time.Microsecond }

// seconds rounds up: who tries again then is not refused again.
func seconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Second-1)/time.Second), 10)
}

// problem is what the refused is told.
func (v verdict) problem() error {
	if v.wait == 0 {
		return nil
	}
	after := seconds(v.wait)
	refusal := httpx.NewProblem(http.StatusTooManyRequests, "rate_limited", fmt.Sprintf("too many requests; try again in %s s", after))
	return huma.ErrorWithHeaders(refusal, http.Header{"Retry-After": {after}})
}
