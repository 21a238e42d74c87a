package workspaces_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/domains/workspaces"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/httpx/httpxtest"
	"example.com/myapp/internal/platform/id"
)

// entries are those of the audit log, whosever they are: the action, the subject and what else is known.
func (w world) entries() []string {
	w.t.Helper()
	const query = `
		select coalesce(array_agg(concat_ws(' ', action, subject, nullif(details::text, 'null')) order by at), '{}') from audit.entries`
	return dbtest.Value[[]string](w.t, db.AcrossTenants(w.database, "look at the audit log"), query)
}

// operations are those of the domain that say what they leave in the audit log, by their names.
func (w world) operations() map[string]httpx.Operation {
	api := httpx.NewAPI(http.NewServeMux(), httpx.Options{Name: "x"})
	w.Routes(api)
	declared := map[string]httpx.Operation{}
	for _, op := range api.Operations() {
		if op.Audit != "" {
			declared[op.OperationID] = op
		}
	}
	return declared
}

func TestEveryOperationLeavesTheEntryThatItDeclaresAndNoOther(t *testing.T) {
	w := start(t)
	at, users := w.create("firm", authz.Viewer, authz.Viewer)
	owner, viewer, removed, guest := users[0], users[1], users[2], id.New()
	w.people[guest] = "guest@example.com"
	invite := func(email string) workspaces.InvitationID {
		made, err := w.Invite(w.at(owner, at), email, "viewer")
		if err != nil {
			t.Fatal(err)
		}
		return made.ID
	}
	withdrawn, _ := invite("other@example.com"), invite(w.people[guest])
	link := w.link(at)

	c, declared := httpxtest.New(t, w.Routes), w.operations()
	for _, test := range []struct {
		operation string
		who       context.Context
		of, body  string
		version   int64
		want      string // behind the action; * is what was answered
	}{
		{"create-workspace", w.signedIn(owner), "", `{"name": "other"}`, 0, "*"},
		{"rename-workspace", w.at(owner, at), "", `{"name": "company"}`, 1, at.String()},
		{"invite-member", w.at(owner, at), "", `{"email": "a@example.com", "role": "admin"}`, 0, `* {"role":"admin"}`},
		{"withdraw-invitation", w.at(owner, at), withdrawn.String(), ``, 0, withdrawn.String()},
		{"accept-invitation", w.signedIn(guest), "", `{"workspace": "` + at.String() + `", "token": "` + link + `"}`, 0, user(guest).String() + ` {"role":"viewer"}`},
		{"change-member", w.at(owner, at), user(viewer).String(), `{"role": "member"}`, 0, user(viewer).String() + ` {"role":"member"}`},
		{"remove-member", w.at(owner, at), user(removed).String(), ``, 0, user(removed).String()},
		{"leave-workspace", w.at(viewer, at), "", ``, 0, user(viewer).String()},
		{"delete-workspace", w.at(owner, at), "", ``, 2, at.String()},
	} {
		op, before := declared[test.operation], len(w.entries())
		delete(declared, test.operation)
		path := regexp.MustCompile(`\{\w+\}`).ReplaceAllString(op.Path, test.of)
		answer := c.As(test.who).Do(op.Method, path, test.body, test.version)
		if answer.Code != op.DefaultStatus {
			t.Fatalf("%s: %d %s", test.operation, answer.Code, answer.Body)
		}
		if strings.HasPrefix(test.want, "*") {
			made := httpxtest.Decode[struct{ ID string }](t, answer)
			test.want = made.ID + test.want[1:]
		}
		if diff := cmp.Diff([]string{op.Audit + " " + test.want}, w.entries()[before:]); diff != "" {
			t.Errorf("entries of %s (-want +got):\n%s", test.operation, diff)
		}
	}
	for operation := range declared {
		t.Errorf("%s is not called here", operation)
	}
}
