package workspaces_test

import (
	"cmp"
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/domains/workspaces"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/httpx/httpxtest"
	"example.com/myapp/internal/platform/page"
)

// row is a member, or an invitation.
type row struct {
	User workspaces.UserID       `json:"user_id,omitzero"`
	ID   workspaces.InvitationID `json:"id,omitzero"`
	Role string                  `json:"role"`
}

func (r row) key() string { return cmp.Or(r.User.UUID(), r.ID.UUID()).String() }

// What fills the lists of a workspace, some rows as viewers, and what has ten viewers leave and ten others come.
var lists = map[string]struct{ fill, change, stay string }{
	"/v1/workspace/members": {
		`insert into workspaces.members (user_id, role)
			select gen_random_uuid(), case when n % 10 = 0 then 'viewer' else 'member' end from generate_series(1, 1300) n`,
		`with gone as (delete from workspaces.members where user_id in (
				select user_id from workspaces.members where role = 'viewer' order by random() limit 10))
			insert into workspaces.members (user_id, role) select gen_random_uuid(), 'viewer' from generate_series(1, 10)`,
		`select array_agg(user_id::text order by user_id desc) from workspaces.members where role <> 'viewer' and tenant_id = $1`,
	},
	"/v1/workspace/invitations": {
		`insert into workspaces.invitations (id, email, role, expires_at)
			select gen_random_uuid(), n || '@example.com', case when n % 10 = 0 then 'viewer' else 'member' end, now() + interval '1 day'
			from generate_series(1, 1300) n`,
		`with gone as (delete from workspaces.invitations where id in (
				select id from workspaces.invitations where role = 'viewer' order by random() limit 10))
			insert into workspaces.invitations (id, email, role, expires_at)
			select gen_random_uuid(), gen_random_uuid() || '@example.com', 'viewer', now() + interval '1 day' from generate_series(1, 10)`,
		`select array_agg(id::text order by id desc) from workspaces.invitations where role <> 'viewer' and tenant_id = $1`,
	},
}

func TestALongListIsReadWholeWhileOthersComeAndGo(t *testing.T) {
	w := start(t)
	at, users := w.create("firm")
	elsewhere, _ := w.create("elsewhere")
	c := httpxtest.New(t, w.Routes).As(w.at(users[0], at))
	every := db.AcrossTenants(w.database, "look at what is there")
	for path, list := range lists {
		w.exec(at, list.fill)
		w.exec(elsewhere, list.fill)
		want := dbtest.Value[[]string](t, every, list.stay, at.UUID())
		var stayed []string
		seen := map[string]bool{}
		pages := 0
		for cursor := ""; cursor != "end" && pages < 20; pages++ {
			answer := c.Do(http.MethodGet, path+"?limit=200"+cursor, "", 0)
			found := httpxtest.Decode[page.Page[row]](t, answer)
			if answer.Code != http.StatusOK || len(found.Items) > 200 {
				t.Fatalf("%s: %d with %d items", path, answer.Code, len(found.Items))
			}
			for _, r := range found.Items {
				if seen[r.key()] {
					t.Errorf("%s: %s is listed twice", path, r.key())
				}
				seen[r.key()] = true
				if r.Role != "viewer" {
					stayed = append(stayed, r.key())
				}
			}
			w.exec(at, list.change)
			if cursor = "end"; !found.NextCursor.IsZero() {
				cursor = "&cursor=" + found.NextCursor.String()
			}
		}
		if diff := gocmp.Diff(want, stayed); diff != "" || len(want) < 1170 || pages < 6 || pages == 20 {
			t.Errorf("%s: %d pages; of %d who stayed %d are listed (-want +got):\n%.2000s", path, pages, len(want), len(stayed), diff)
		}
	}
}

func TestACursorFromElsewhereShowsNothingOfElsewhere(t *testing.T) {
	w := start(t)
	at, users := w.create("firm")
	elsewhere, others := w.create("elsewhere")
	mine, theirs := httpxtest.New(t, w.Routes).As(w.at(users[0], at)), httpxtest.New(t, w.Routes).As(w.at(others[0], elsewhere))
	own := map[string]bool{}
	for _, list := range lists {
		w.exec(at, list.fill)
		w.exec(elsewhere, list.fill)
		for _, key := range dbtest.Value[[]string](t, db.AcrossTenants(w.database, "look at what is there"), list.stay, at.UUID()) {
			own[key] = true
		}
	}
	for from := range lists {
		for to := range lists {
			given := httpxtest.Decode[page.Page[row]](t, theirs.Do(http.MethodGet, from+"?limit=3", "", 0)).NextCursor.String()
			answer := mine.Do(http.MethodGet, to+"?limit=200&cursor="+given, "", 0)
			items := httpxtest.Decode[page.Page[row]](t, answer).Items
			for _, r := range items {
				if r.Role != "viewer" && !own[r.key()] {
					t.Errorf("a cursor of %s shows in %s what is not of this workspace: %+v", from, to, r)
				}
			}
			if answer.Code != http.StatusOK || len(items) == 0 {
				t.Errorf("a cursor of %s in %s: %d with %d items", from, to, answer.Code, len(items))
			}
		}
		mine.Refused("nonsense", mine.Do(http.MethodGet, from+"?cursor=nonsense", "", 0), http.StatusUnprocessableEntity, "unprocessable_entity")
		user := "?cursor=" + user(users[0]).String()
		mine.Refused("another id", mine.Do(http.MethodGet, from+user, "", 0), http.StatusUnprocessableEntity, "unprocessable_entity")
		mine.Refused("limit", mine.Do(http.MethodGet, from+"?limit=0", "", 0), http.StatusUnprocessableEntity, "unprocessable_entity")
	}
}

// byPlace is how a plan says that it begins at a place in the index of a workspace.
var byPlace = regexp.MustCompile(`Index Scan Backward using .*\n\s*Index Cond: \(\(tenant_id = .*\) AND \(\w+ < `)

func TestAPageOfALongListIsReadByItsIndex(t *testing.T) {
	w := start(t)
	at, users := w.create("firm")
	elsewhere, _ := w.create("elsewhere")
	for _, list := range lists {
		w.exec(at, list.fill)
		w.exec(elsewhere, list.fill)
	}
	if err := w.database.InTx(t.Context(), dbtest.Exec(`analyze workspaces.members, workspaces.invitations`)); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{workspaces.ListMembers, workspaces.ListInvitations} {
		var plan string
		err := w.database.As("workspaces").InTx(w.at(users[0], at), func(ctx context.Context, tx pgx.Tx) error {
			rows, _ := tx.Query(ctx, "explain (costs off) "+query, strings.Repeat("f", 32), 51) // before all; its error is that of CollectRows
			lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
			plan = strings.Join(lines, "\n")
			return err
		})
		if err != nil || !byPlace.MatchString(plan) || strings.Contains(plan, "Sort") {
			t.Errorf("error %v; %s\n%s", err, query, plan)
		}
	}
}
