package app

import (
	"context"
	"testing"
	"time"

	"example.com/myapp/internal/devenv"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/secret"
)

func TestUnderLoadPostgresIsRestartedAndNothingAcknowledgedIsLost(t *testing.T) {
	dir := openDir(t)
	server, err := devenv.Postgres(t.Context(), dir)
	line := newLine(t, server, err)
	o := db.Options{URL: secret.New(line.url()), MaxConns: 4, StatementTimeout: 10 * time.Second, LockTimeout: 10 * time.Second}
	if _, err := db.Migrate(t.Context(), o, append(schemas(), soakSchema())...); err != nil {
		t.Fatal(err)
	}
	s := newSoak(t, available(t), o)
	ctx, enough := context.WithCancel(t.Context())
	clients := s.load(ctx)
	for range soakSize(1, 5) {
		s.reach(100)
		line.hangUp()
		refused := s.refused.Load()
		for s.refused.Load() < refused+50 {
			time.Sleep(time.Millisecond)
		}
		line.connect(devenv.Postgres(t.Context(), dir))
	}
	s.reach(100)
	enough()
	clients.Wait()
	s.settle()
	for _, p := range s.processes {
		select {
		case err := <-p.ended:
			t.Errorf("a process of %s ended: %v", p.role, err)
		default:
		}
	}
}
