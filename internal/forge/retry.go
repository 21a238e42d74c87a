package forge

import (
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// attempts bounds how often a call is made.
	attempts = 5
	// patience bounds one wait: nobody sits longer before a terminal.
	patience = 3 * time.Minute
)

// LimitError says that GitHub allows no more calls until a time.
type LimitError struct{ Until time.Time }

func (e *LimitError) Error() string {
	return "GitHub allows no more requests before " + e.Until.Format("15:04")
}

// pause says how long to wait before a call is made again; 0: it is not. A
// limit of GitHub's means that the call was not carried out, so that every
// method is made again; after a fault of the server only those are that may run
// twice. Without any connection the wait would only delay the message.
// https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
func pause(method string, a answer, err error, attempt int) (time.Duration, string) {
	if attempt >= attempts-1 {
		return 0, ""
	}
	backoff := time.Second << attempt
	if limited(a, err) {
		return max(limit(a.header, attempt), time.Second), "a rate limit of GitHub"
	}
	if method == http.MethodPost || !Temporary(err) {
		return 0, ""
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return 0, ""
	}
	return backoff, err.Error()
}

// limited tells a limit from a right that is missing: both may be a 403.
func limited(a answer, err error) bool {
	var r *Refusal
	if !errors.As(err, &r) || r.Status != http.StatusForbidden && r.Status != http.StatusTooManyRequests {
		return false
	}
	return r.Status == http.StatusTooManyRequests || a.header.Get("Retry-After") != "" ||
		a.header.Get("X-RateLimit-Remaining") == "0" || strings.Contains(strings.ToLower(r.Message), "rate limit")
}

// limit reads how long GitHub wants us to wait; where it does not say, it asks
// for a minute at least, and longer each time.
func limit(h http.Header, attempt int) time.Duration {
	if n, err := strconv.Atoi(h.Get("Retry-After")); err == nil {
		return time.Duration(n) * time.Second
	}
	if n, err := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64); err == nil && h.Get("X-RateLimit-Remaining") == "0" {
		return time.Until(time.Unix(n, 0)) + time.Second
	}
	return time.Minute << attempt
}
