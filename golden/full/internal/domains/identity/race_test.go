package identity_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/jobs"
)

// meanwhile has do run into a transaction that has executed one statement, and executes the other when do waits for it.
func (s *site) meanwhile(first, last, email string, do func()) {
	s.t.Helper()
	over := make(chan struct{})
	err := s.database.InTx(s.t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, first, email); err != nil {
			return err
		}
		go func() {
			defer close(over)
			do()
		}()
		const waiting = `select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
		for s.count(waiting) == 0 {
			select {
			case <-over:
				s.t.Error("nobody waits for the other")
				return nil
			case <-time.After(time.Millisecond):
			}
		}
		_, err := tx.Exec(ctx, last, email)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	<-over
}

// sessionsAre checks how many there are.
func (s *site) sessionsAre(want int) {
	s.t.Helper()
	if got := s.count(`select count(*) from identity.sessions`); got != want {
		s.t.Errorf("%d sessions, want %d", got, want)
	}
}

func TestAttackALoginThatIsUnderWayWhileThePasswordIsReset(t *testing.T) {
	t.Attr("tried", "be just logging in with the old password while its owner chooses another by mail")
	t.Attr("stopped", "who sets a password waits for logins that have begun, and then ends their sessions")
	s := start(t, jobs.Schema())
	s.user(ann, "192.0.2.1")
	link := s.linkOf("/password/forgot", ann)
	const logsIn = `
		with held as (update identity.users set password_hash = password_hash where email = $1 returning id)
		insert into identity.sessions (id, user_id, token_hash, user_agent, expires_at)
		select gen_random_uuid(), id, 'x', '', now() + interval '1 hour' from held`
	s.meanwhile(logsIn, `select $1::text`, ann, func() {
		b := s.browser("192.0.2.2")
		b.want("reset", b.do("POST", "/v1/identity/password/reset", form{"token": link, "password": other}), 204, "")
	})
	s.sessionsAre(0)
}
