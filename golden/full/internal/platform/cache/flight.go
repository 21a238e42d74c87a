package cache

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
)

// flight is a load that is under way in this process, and those who wait for it.
type flight struct {
	done chan struct{}

	// entry and err are its outcome, once it is done.
	entry entry
	err   error
}

// errCut is the outcome of a load that ended its goroutine, as a test that fails does.
var errCut = errors.New("the load did not return")

// flight returns the load whose value will take the place of token; if there is none, a new one, or nil where begin is false.
func (c *Cache[T]) flight(token string, begin bool, fill func() (entry, error)) *flight {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, found := c.flights[token]
	if found || !begin {
		return f
	}
	f = &flight{done: make(chan struct{}), err: errCut}
	c.flights[token] = f
	go func() {
		defer func() {
			// Nobody recovers from a panic here, as the server does for a request.
			if v := recover(); v != nil {
				f.err = fmt.Errorf("load: panic: %v\n%s", v, debug.Stack())
			}
			c.mu.Lock()
			delete(c.flights, token)
			c.mu.Unlock()
			close(f.done)
		}()
		f.entry, f.err = fill()
	}()
	return f
}

// wait returns the value of a flight, for as long as ctx lasts.
func (c *Cache[T]) wait(ctx context.Context, f *flight) (value T, err error) {
	select {
	case <-f.done:
	case <-ctx.Done():
		return value, ctx.Err()
	}
	if f.err != nil {
		return value, f.err
	}
	return c.open(f.entry)
}
