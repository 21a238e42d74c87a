package app

import (
	"context"
	"errors"
	"log/slog"
)

// Run waits until ctx ends, which a signal does, or until a part of the process ends by itself. Then it stops the process
// so that nothing it has accepted is lost:
//
//	/readyz says 503            load balancers send no more
//	DRAIN_DELAY                 until all of them have seen it; requests are served as ever, each the last of its connection
//	the API takes no more       and requests that run are waited for
//	jobs are fetched no more    and those that run are waited for; then the relay stops
//	postgres                    closed when nobody uses it any longer
//
// From the end of DRAIN_DELAY on, this takes at most SHUTDOWN_TIMEOUT. A second signal ends the process at once.
func (a *App) Run(ctx context.Context) error {
	var failure error
	select {
	case <-ctx.Done():
	case failure = <-a.failed:
	}
	a.health.Drain()
	a.log.Info("stopping", slog.Duration("drain_delay", a.cfg.DrainDelay))
	if failure == nil {
		a.sleep(a.cfg.DrainDelay)
	}
	err := a.close(ctx)
	a.log.Info("stopped")
	return errors.Join(failure, err)
}

// fail makes Run stop the process. The first failure counts.
func (a *App) fail(err error) {
	select {
	case a.failed <- err:
	default:
	}
}
