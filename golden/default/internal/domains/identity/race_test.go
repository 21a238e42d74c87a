package identity_test

import (
	"context"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/jobs"
)

// waiting is how many transactions wait for another.
const waiting = `select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`

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

// wait returns when so many transactions wait for another.
func (s *site) wait(n int) {
	s.t.Helper()
	for range 10_000 {
		if s.count(waiting) >= n {
			return
		}
		time.Sleep(time.Millisecond)
	}
	s.t.Errorf("no %d transactions wait", n)
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

func TestAPasswordThatIsChangedAndResetAtOnceIsSetTwiceOrOnce(t *testing.T) {
	s := start(t, jobs.Schema())
	b, mailed := s.user(ann, "192.0.2.1"), s.browser("192.0.2.2")
	link := s.linkOf("/password/forgot", ann)
	var changed, reset *httptest.ResponseRecorder
	var both sync.WaitGroup
	err := s.database.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `select from identity.users for update`)
		both.Go(func() { changed = b.do("PUT", "/v1/identity/password", form{"old": good, "new": other}) })
		s.wait(1)
		both.Go(func() {
			reset = mailed.do("POST", "/v1/identity/password/reset", form{"token": link, "password": other})
		})
		s.wait(2)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	both.Wait()
	b.want("the change, which came first", changed, 204, "")
	mailed.want("the reset", reset, 422, "link_invalid")
}
