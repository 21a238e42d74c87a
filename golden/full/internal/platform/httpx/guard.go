package httpx

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// recoverPanics makes a panic a 500 and lets the process live. If the answer has begun, the connection is cut, since the
// client would take the half of an answer for the whole.
func recoverPanics(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			value := recover()
			if value == nil {
				return
			}
			x := exchangeOf(r.Context())
			if err, ok := value.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				x.cause = http.ErrAbortHandler // a handler's way to cut the connection, which net/http knows
				panic(http.ErrAbortHandler)
			}
			x.cause, x.stack = fmt.Errorf("panic: %v", value), debug.Stack()
			if x.status != 0 {
				panic(http.ErrAbortHandler)
			}
			writeProblem(r.Context(), w, internalProblem(http.StatusInternalServerError))
		}()
		next.ServeHTTP(w, r)
	})
}

// admit serves at most limit requests at once and answers the others with 503, which costs less than serving all of them
// too late. Health is exempt: an overloaded process that looks dead would be restarted.
func admit(next http.Handler, limit int) http.Handler {
	var inFlight atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if IsHealth(r) {
			next.ServeHTTP(w, r)
			return
		}
		defer inFlight.Add(-1)
		if inFlight.Add(1) > int64(limit) {
			w.Header().Set("Retry-After", "1")
			writeProblem(r.Context(), w, NewProblem(http.StatusServiceUnavailable, "overloaded",
				"more requests are being served than this process can; try again"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// IsHealth says whether r asks for the health of the process.
func IsHealth(r *http.Request) bool {
	return r != nil && (r.URL.Path == "/livez" || r.URL.Path == "/readyz")
}

// budget ends the request's context after timeout, and the reading of its body after limit bytes.
//
// A handler is not stopped, it stops: what it asks of others must get its context. One that ignores it is cut off by the
// server's WriteTimeout.
func budget(next http.Handler, timeout time.Duration, limit int64) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > limit {
			writeProblem(r.Context(), w, statusProblem(http.StatusRequestEntityTooLarge))
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		defer cancel()
		r = r.WithContext(ctx)
		x := exchangeOf(ctx)
		r.Body = http.MaxBytesReader(x.ResponseWriter, r.Body, limit+1) // one more, as in NewAPI
		next.ServeHTTP(w, r)

		if x.status == 0 && errors.Is(ctx.Err(), context.DeadlineExceeded) {
			WriteError(ctx, w, ctx.Err())
		}
	})
}
