package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// closer is something that was opened.
type closer struct {
	name  string
	close func(context.Context) error
}

// onClose notes how to close what was just opened.
func (a *App) onClose(name string, how func(context.Context) error) {
	a.closers = append(a.closers, closer{name: name, close: how})
}

// close closes what was opened, in reverse, within SHUTDOWN_TIMEOUT for all of it. What does not close in time is left
// behind, so that the process ends and is not killed in the middle of closing the rest.
func (a *App) close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.cfg.ShutdownTimeout)
	defer cancel()

	var errs []error
	for _, c := range slices.Backward(a.closers) {
		done := make(chan error, 1)
		go func() { done <- c.close(ctx) }()
		select {
		case err := <-done:
			if err != nil {
				errs = append(errs, fmt.Errorf("close %s: %w", c.name, err))
			}
		case <-ctx.Done():
			errs = append(errs, fmt.Errorf("close %s: %w", c.name, ctx.Err()))
		}
	}
	a.closers = nil
	return errors.Join(errs...)
}
