package httpx

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Refusal is what a client is told about an error of a domain: a Problem, whose detail is the text of the error. If the status
// is 429 or 503 it is also told when to try again: after what the method RetryAfter of the error says, or in a second. Field is where the
// fault is, as in body.name, if it is in one place of the request.
type Refusal struct {
	Err    error
	Status int
	Code   string
	Field  string
}

// temporary is an error that goes away by itself.
type temporary interface {
	error
	RetryAfter() time.Duration
}

// Refuse says what clients are told about the errors of a domain. What is in no list is a fault of ours, and told to the log alone.
func (a *API) Refuse(with ...Refusal) {
	a.refusals = append(a.refusals, with...)
}

// problemOf returns what the client is told about err, and notes for the log what it is not told.
func (a *API) problemOf(ctx context.Context, err error) error {
	for _, r := range a.refusals {
		if !errors.Is(err, r.Err) {
			continue
		}
		p := NewProblem(r.Status, r.Code, r.Err.Error())
		if r.Field != "" {
			p.Errors = append(p.Errors, Fault{Location: r.Field, Message: p.Detail})
		}
		if r.Status != http.StatusTooManyRequests && r.Status != http.StatusServiceUnavailable {
			return p
		}
		var wait time.Duration
		if soon, ok := errors.AsType[temporary](err); ok {
			wait = soon.RetryAfter()
		}
		return huma.ErrorWithHeaders(p, http.Header{"Retry-After": {strconv.Itoa(int(wait.Seconds()) + 1)}})
	}
	if _, ok := errors.AsType[huma.StatusError](err); ok {
		return err // whole: it may carry headers, too
	}
	return problemFor(ctx, err)
}
