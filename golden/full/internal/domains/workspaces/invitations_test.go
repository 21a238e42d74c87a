package workspaces_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"example.com/myapp/internal/domains/workspaces"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/jobstest"
	"example.com/myapp/internal/vendors/mail"
)

// people are the verified addresses of users.
type people map[id.UUID]string

func (p people) VerifiedEmail(_ context.Context, user id.UUID) (string, error) { return p[user], nil }

// box holds what was sent.
type box struct{ sent []mail.Message }

func (b *box) Send(_ context.Context, m mail.Message) error {
	b.sent = append(b.sent, m)
	return m.Check()
}

// link sends what is to be sent and returns the token of the last mail.
func (w world) link(workspace workspaces.WorkspaceID) string {
	w.t.Helper()
	mux := jobs.NewMux()
	w.Jobs(mux)
	log := slog.New(slog.NewTextHandler(w.t.Output(), nil))
	if _, err := jobstest.RunDue(authz.With(w.t.Context(), authz.System(workspace.UUID())), w.database, mux, log); err != nil {
		w.t.Fatal(err)
	}
	if len(w.box.sent) == 0 {
		w.t.Fatal("no mail was sent")
	}
	_, token, _ := strings.Cut(w.box.sent[len(w.box.sent)-1].Text, "#")
	return strings.TrimSpace(token)
}

func TestAttackAnInvitationOfOthers(t *testing.T) {
	t.Attr("tried", "accept an invitation twice, by another address, by an unverified one, in another workspace, and after a new one")
	t.Attr("stopped", "a token that is hashed, deleted when it is used, and bound to the address")
	w := start(t)
	at, users := w.create("firm")
	elsewhere, _ := w.create("elsewhere")
	owner, guest, thief, unverified := w.at(users[0], at), id.New(), id.New(), id.New()
	w.people[guest], w.people[thief] = "Guest@example.com", "thief@example.com"
	if _, err := w.Invite(owner, "guest@example.com", "member"); err != nil {
		t.Fatal(err)
	}
	old := w.link(at)
	if _, err := w.Invite(owner, "GUEST@example.com", "viewer"); err != nil {
		t.Fatal(err)
	}
	link := w.link(at)
	accept := func(who id.UUID, workspace workspaces.WorkspaceID, link string) error {
		return second(w.Accept(w.signedIn(who), workspace, link))
	}
	for attack, test := range map[string]struct{ got, want error }{
		"the old link":          {accept(guest, at, old), workspaces.ErrLink},
		"another address":       {accept(thief, at, link), workspaces.ErrAddress},
		"an unverified address": {accept(unverified, at, link), workspaces.ErrAddress},
		"another workspace":     {accept(guest, elsewhere, link), workspaces.ErrLink},
		"a guess":               {accept(guest, at, "invite_x"), workspaces.ErrLink},
		"nobody":                {second(w.Accept(t.Context(), at, link)), authz.ErrAnonymous},
	} {
		if !errors.Is(test.got, test.want) {
			t.Errorf("%s: %v, want %v", attack, test.got, test.want)
		}
	}
	results := make([]error, 8)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() { results[i] = accept(guest, at, link) })
	}
	all.Wait()
	joined := 0
	for _, err := range results {
		if err == nil {
			joined++
		} else if !errors.Is(err, workspaces.ErrLink) {
			t.Error(err)
		}
	}
	if joined != 1 {
		t.Errorf("one link was accepted %d times", joined)
	}
	if role := authz.From(w.at(guest, at)).Role; role != authz.Viewer {
		t.Errorf("the guest is %s", role)
	}
	// What a dump of the database holds opens nothing.
	dump := dbtest.Value[string](t, w.database, `select concat((select string_agg(payload::text, '') from jobs.jobs), (select string_agg(payload::text, '') from events.events))`)
	if strings.Contains(dump, link) || strings.Contains(dump, "@") {
		t.Errorf("the link or an address is in the database: %s", dump)
	}
}

func TestAttackWhoWasRemovedComesBackByAnInvitation(t *testing.T) {
	t.Attr("tried", "invite oneself while one may, be removed, and accept")
	t.Attr("stopped", "an invitation goes with the member whom it would bring back")
	w := start(t)
	at, users := w.create("firm", authz.Admin)
	w.people[users[1]] = "Admin@example.com"
	if _, err := w.Invite(w.at(users[1], at), "admin@example.com", "admin"); err != nil {
		t.Fatal(err)
	}
	link := w.link(at)
	if err := w.Remove(w.at(users[0], at), user(users[1])); err != nil {
		t.Fatal(err)
	}
	if err := second(w.Accept(w.signedIn(users[1]), at, link)); !errors.Is(err, workspaces.ErrLink) {
		t.Errorf("got %v, want %v", err, workspaces.ErrLink)
	}
}
