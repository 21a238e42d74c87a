package authz

import (
	"context"
	"errors"
	"time"
)

// ErrProof says that what is asked for needs a proof that is not as old.
var ErrProof = errors.New("prove again that it is you: log in, or present a code")

// CheckRecent refuses whoever has not proved within a time to be there: a browser that was left open, and a session that was
// stolen, may do less than their user. A key proves nothing. The program is let through.
func CheckRecent(ctx context.Context, within time.Duration) error {
	who := From(ctx)
	switch {
	case who.Kind == Program || who.Kind == User && time.Since(who.Proved) < within:
		return nil
	case who.Kind == Nobody:
		return ErrAnonymous
	default:
		return ErrProof
	}
}
