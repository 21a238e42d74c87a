package jobs

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestTwoHandlersOfOneKindAreReportedAtStart(t *testing.T) {
	mux := NewMux()
	for range 2 {
		Handle(mux, nil, func(context.Context, pgx.Tx, probe) error { return nil })
	}
	err := mux.Err()
	if err == nil || err.Error() != "jobs: probe.note has two handlers" {
		t.Errorf("got %v", err)
	}
}
