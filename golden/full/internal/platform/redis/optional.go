package redis

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

const (
	// optionalTimeout is what a request gives Redis for what it can do without: waiting longer costs more than it brings.
	optionalTimeout = 50 * time.Millisecond

	// pause is how long Redis is not asked after it failed to answer.
	pause = time.Second
)

// ErrAway says that Redis was not asked, since it did not answer a moment ago.
var ErrAway = errors.New("redis is away")

// Optional asks Redis for what one can do without. A Redis that is away or slow costs one request a second its timeout, and the
// others nothing. It is safe for concurrent use.
type Optional struct {
	client *Client

	// Timeout bounds one question.
	Timeout time.Duration

	// again is when to ask again after a failure, in nanoseconds since start; 0 is at once.
	again atomic.Int64
	start time.Time
}

// NewOptional returns an Optional that has not failed yet.
func NewOptional(client *Client) *Optional {
	return &Optional{client: client, Timeout: optionalTimeout, start: time.Now()}
}

// Ask calls fn with a context that ends soon, and returns its error; or it returns ErrAway. Of those who ask when the pause is over,
// one finds out for all. What fn finds missing is no error: it does not return Nil.
func (o *Optional) Ask(ctx context.Context, fn func(context.Context, *Client) error) error {
	now, again := int64(time.Since(o.start)), o.again.Load()
	if again > now || again != 0 && !o.again.CompareAndSwap(again, now+int64(pause)) {
		return ErrAway
	}
	within, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	err := fn(within, o.client)
	switch {
	case err == nil:
		o.again.Store(0)
	case ctx.Err() == nil: // else it was the caller who did not wait
		o.again.Store(now + int64(pause))
	}
	return err
}
