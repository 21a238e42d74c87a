package workspaces_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"example.com/myapp/internal/domains/workspaces"
	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/page"
	"example.com/myapp/internal/platform/ratelimit"
)

// world is the domain with users, who are known by their ids alone.
type world struct {
	*workspaces.Service

	t        *testing.T
	database *db.DB
	people   people
	box      *box
}

func start(t *testing.T) world {
	t.Helper()
	t.Parallel()
	o := dbtest.Options(t, audit.Schema(), jobs.Schema(), events.Schema(), workspaces.Schema())
	o.MaxConns = 16 // what is done at once shall be at once
	database, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(database.Close)
	w := world{t: t, database: database, people: people{}, box: &box{}}
	w.Service = workspaces.New(database, workspaces.Options{
		Grants: func() []authz.Grant { return w.Permissions() },
		People: w.people, Mail: w.box, URL: "https://example.com", Limits: ratelimit.New(ratelimit.Options{}),
	})
	return w
}

// signedIn is a user who has not said in which workspace to act.
func (w world) signedIn(user id.UUID) context.Context {
	return authz.With(w.t.Context(), authz.Principal{Kind: authz.User, ID: user})
}

// in authenticates the user in the workspace, as a request does.
func (w world) in(user id.UUID, workspace workspaces.WorkspaceID) (context.Context, error) {
	ctx := w.signedIn(user)
	b := w.database.Batch(ctx)
	asked := w.Ask(b, workspace.String())
	if err := b.Send(ctx); err != nil {
		w.t.Fatal(err)
	}
	p, err := asked.In(authz.From(ctx))
	return authz.With(ctx, p), err
}

// at is in for one who is a member.
func (w world) at(user id.UUID, workspace workspaces.WorkspaceID) context.Context {
	w.t.Helper()
	ctx, err := w.in(user, workspace)
	if err != nil {
		w.t.Fatal(err)
	}
	return ctx
}

// create makes a workspace with its owner, and members in further roles.
func (w world) create(name string, roles ...authz.Role) (workspaces.WorkspaceID, []id.UUID) {
	w.t.Helper()
	users := []id.UUID{id.New()}
	made, err := w.Create(w.signedIn(users[0]), name)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, role := range roles {
		users = append(users, id.New())
		w.join(made.ID, users[len(users)-1], role)
	}
	return made.ID, users
}

// join makes a user a member by the hand of the program.
func (w world) join(workspace workspaces.WorkspaceID, user id.UUID, role authz.Role) {
	w.t.Helper()
	ctx := authz.With(w.t.Context(), authz.System(workspace.UUID()))
	err := w.database.As("workspaces").InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into workspaces.members (user_id, role) values ($1, $2)`, user, string(role))
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// owners counts them.
func (w world) owners(workspace workspaces.WorkspaceID) int {
	ctx := authz.With(w.t.Context(), authz.System(workspace.UUID()))
	members, err := w.Members(ctx, page.Request{})
	if err != nil {
		w.t.Fatal(err)
	}
	n := 0
	for _, m := range members.Items {
		if m.Role == string(authz.Owner) {
			n++
		}
	}
	return n
}

func user(u id.UUID) workspaces.UserID {
	var typed workspaces.UserID
	if err := typed.ScanUUID(pgtype.UUID{Bytes: u, Valid: true}); err != nil {
		panic(err)
	}
	return typed
}

func TestAUserSeesTheWorkspacesThatHeIsAMemberOf(t *testing.T) {
	w := start(t)
	first, users := w.create("first")
	second, others := w.create("second")
	w.join(second, users[0], authz.Viewer)
	for who, want := range map[id.UUID][]string{users[0]: {"first", "second"}, others[0]: {"second"}, id.New(): nil} {
		found, err := w.Mine(w.signedIn(who))
		var got []string
		for _, f := range found {
			got = append(got, f.Name)
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("error %v, workspaces (-want +got):\n%s", err, diff)
		}
	}
	// Who acts in one sees no row of the other, though he is a member of both.
	members, err := w.Members(w.at(users[0], first), page.Request{})
	if err != nil || len(members.Items) != 1 {
		t.Errorf("members of the first: %+v, error %v", members, err)
	}
	if all, err := w.Mine(w.at(users[0], first)); err != nil || len(all) != 2 {
		t.Errorf("a list of all, asked for in one: %+v, error %v", all, err)
	}
}

func TestAttackAWorkspaceOfOthers(t *testing.T) {
	t.Attr("tried", "act in a workspace by its id, without being a member, or after it was deleted")
	t.Attr("stopped", "the membership that authentication asks for")
	w := start(t)
	theirs, owners := w.create("theirs", authz.Viewer)
	if _, err := w.in(id.New(), theirs); !errors.Is(err, authz.ErrDenied) {
		t.Errorf("a stranger: %v", err)
	}
	var nowhere workspaces.WorkspaceID
	if err := nowhere.ScanUUID(pgtype.UUID{Bytes: id.New(), Valid: true}); err != nil {
		t.Fatal(err)
	}
	_, err := w.in(owners[0], nowhere)
	_, other := w.in(id.New(), theirs)
	if err == nil || err.Error() != other.Error() {
		t.Errorf("one that is not there: %v; one that is: %v", err, other)
	}
	if _, err := w.Delete(w.at(owners[1], theirs), 0); !errors.Is(err, authz.ErrDenied) {
		t.Errorf("a viewer deletes: %v", err)
	}
	if _, err := w.Delete(w.at(owners[0], theirs), 0); err != nil {
		t.Fatal(err)
	}
	if _, err := w.in(owners[0], theirs); !errors.Is(err, authz.ErrDenied) {
		t.Errorf("after the deletion: %v", err)
	}
}

func TestAttackTheLastOwnerLeaves(t *testing.T) {
	t.Attr("tried", "leave a workspace without an owner: of 50 owners, and of 25 pairs, all leave or demote each other at once")
	t.Attr("stopped", "a lock on the workspace, and a look for owners before the commit")
	w := start(t)
	crowd := make([]authz.Role, 49)
	for i := range crowd {
		crowd[i] = authz.Owner
	}
	crowded, users := w.create("crowded", crowd...)
	made := []workspaces.WorkspaceID{crowded}
	var attacks []func() error
	for i, u := range users {
		ctx, other := w.at(u, crowded), user(users[(i+1)%len(users)])
		if i%2 == 0 {
			attacks = append(attacks, func() error { return w.Leave(ctx) })
		} else {
			attacks = append(attacks, func() error { return second(w.ChangeRole(ctx, other, 0, string(authz.Member))) })
		}
	}
	for range 25 {
		pair, users := w.create("pair", authz.Owner)
		made = append(made, pair)
		for _, u := range users {
			ctx := w.at(u, pair)
			attacks = append(attacks, func() error { return w.Leave(ctx) })
		}
	}
	var all sync.WaitGroup
	for _, attack := range attacks {
		all.Go(func() {
			err := attack()
			if err != nil && !errors.Is(err, workspaces.ErrLastOwner) && !errors.Is(err, workspaces.ErrNotFound) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for i, workspace := range made {
		if n := w.owners(workspace); n < 1 || i > 0 && n != 1 {
			t.Errorf("workspace %d has %d owners", i, n)
		}
	}
}

func TestAttackGiveWhatOneDoesNotHave(t *testing.T) {
	t.Attr("tried", "make oneself or another an owner, invite one, or remove one, as an admin")
	t.Attr("stopped", "nobody gives or takes a permission that he does not have")
	w := start(t)
	at, users := w.create("firm", authz.Admin, authz.Member)
	admin := w.at(users[1], at)
	for attack, err := range map[string]error{
		"promote himself": second(w.ChangeRole(admin, user(users[1]), 0, string(authz.Owner))),
		"promote another": second(w.ChangeRole(admin, user(users[2]), 0, string(authz.Owner))),
		"demote an owner": second(w.ChangeRole(admin, user(users[0]), 0, string(authz.Viewer))),
		"remove an owner": w.Remove(admin, user(users[0])),
		"invite an owner": second(w.Invite(admin, "a@example.com", string(authz.Owner))),
	} {
		if !errors.Is(err, workspaces.ErrBeyond) {
			t.Errorf("%s: %v", attack, err)
		}
	}
	if _, err := w.ChangeRole(admin, user(users[2]), 0, string(authz.Admin)); err != nil {
		t.Errorf("make another an admin: %v", err)
	}
	if _, err := w.ChangeRole(admin, user(users[2]), 0, "nonsense"); !errors.Is(err, workspaces.ErrNoRole) {
		t.Errorf("a role that is not there: %v", err)
	}
	if _, err := w.ChangeRole(admin, user(users[2]), 1, string(authz.Viewer)); !errors.Is(err, workspaces.ErrStale) {
		t.Errorf("a version that is gone: %v", err)
	}
	if err := w.Remove(w.at(users[2], at), user(id.New())); !errors.Is(err, workspaces.ErrNotFound) {
		t.Errorf("remove a stranger: %v", err)
	}
}

func TestARenameOfAnOldVersionIsRefused(t *testing.T) {
	w := start(t)
	at, users := w.create("old")
	ctx := w.at(users[0], at)
	renamed, err := w.Rename(ctx, 1, "new")
	if err != nil || renamed.Name != "new" || renamed.Version != 2 {
		t.Errorf("renamed %+v, error %v", renamed, err)
	}
	if _, err := w.Rename(ctx, 1, "newer"); !errors.Is(err, workspaces.ErrStale) {
		t.Errorf("an old version: %v", err)
	}
	for _, name := range []string{"two\nlines", "two\u2028lines", "two\u2029paragraphs"} {
		if _, err := w.Rename(ctx, 0, name); !errors.Is(err, workspaces.ErrName) {
			t.Errorf("a name of two lines: %v", err)
		}
	}
	for _, name := range []string{"👩\u200d🚀 Labs", "می\u200cخواهم"} {
		if named, err := w.Rename(ctx, 0, name); named.Name != name || err != nil {
			t.Errorf("a name with a joiner: %q, error %v", named.Name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }
