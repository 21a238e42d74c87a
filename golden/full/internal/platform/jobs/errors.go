package jobs

import (
	"errors"
	"time"
)

// Permanent marks err as one that no further try can mend: the job becomes a dead letter at once. It returns nil for nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return permanentError{err}
}

// RetryAfter asks for the next try no sooner than d from now, as a vendor's Retry-After does. The try still counts. It
// returns nil for nil.
func RetryAfter(err error, d time.Duration) error {
	if err == nil {
		return nil
	}
	return retryAfterError{err, d}
}

type permanentError struct{ error }

func (e permanentError) Unwrap() error { return e.error }

type retryAfterError struct {
	error

	after time.Duration
}

func (e retryAfterError) Unwrap() error { return e.error }

// ErrBusy is the answer to the delivery of a job that is being run elsewhere at this moment. The engine delivers it again a
// little later: whoever runs it now may yet fail.
var ErrBusy = errors.New("job is being run elsewhere")

// maxDeaths is how often the process may die while it runs a job before the job is held to be the cause. It is more than
// one: many jobs run when a process is killed for another reason.
const maxDeaths = 10

// errDied is what a job is given up for that took its process with it too often.
var errDied = errors.New("the process died while it ran, time and again")

// errSwallowed is what a job fails for whose handler went on after an error of SQL: nothing of its transaction can last.
var errSwallowed = errors.New("the handler went on after an error of SQL, which aborts its transaction")
