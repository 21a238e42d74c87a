package apikeys_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/domains/apikeys"
	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/crypto"
	"example.com/myapp/internal/platform/crypto/cryptotest"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/httpx/httpxtest"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
)

const (
	reading authz.Permission = "orders.order.read"
	writing authz.Permission = "orders.order.write"
)

// world is the domain, and one who may read, write and make keys in a workspace.
type world struct {
	*apikeys.Service

	t        *testing.T
	database *db.DB
	maker    authz.Principal
}

func start(t *testing.T) world {
	t.Helper()
	t.Parallel()
	database := dbtest.New(t, audit.Schema(), crypto.Schema(), jobs.Schema(), events.Schema(), apikeys.Schema())
	w := world{t: t, database: database}
	w.Service = apikeys.New(database, apikeys.Options{Keys: cryptotest.New(t, database), Live: true})
	w.maker = authz.Principal{
		Kind: authz.User, ID: id.New(), Tenant: id.New(), Proved: time.Now(),
		Permissions: authz.NewSet(reading, writing, "apikeys.key.read", "apikeys.key.write"),
	}
	return w
}

func (w world) ctx() context.Context { return authz.With(w.t.Context(), w.maker) }

// make makes a key for a scope.
func (w world) make(scope authz.Permission) (apikeys.Key, string) {
	w.t.Helper()
	key, text, err := w.Create(w.ctx(), apikeys.CreateRequest{Name: "robot", Scopes: []string{string(scope)}, Life: time.Hour})
	if err != nil {
		w.t.Fatal(err)
	}
	return key, text.Reveal()
}

// authenticate is what internal/app does.
func (w world) authenticate(text string, makers authz.Set) (authz.Principal, error) {
	w.t.Helper()
	batch := w.database.Batch(w.t.Context())
	asked, err := w.Ask(batch, text)
	if err != nil {
		return authz.Principal{}, err
	}
	if err := batch.Send(w.t.Context()); err != nil {
		return authz.Principal{}, err
	}
	return asked.Within(makers, true)
}

// refuses checks that a text is no key.
func (w world) refuses(what, text string) {
	w.t.Helper()
	if who, err := w.authenticate(text, w.maker.Permissions); !errors.Is(err, authz.ErrAnonymous) {
		w.t.Errorf("%s: got %+v, %v", what, who, err)
	}
}

func (w world) works(what, text string) {
	w.t.Helper()
	if _, err := w.authenticate(text, w.maker.Permissions); err != nil {
		w.t.Errorf("%s: %v", what, err)
	}
}

func TestAKeyActsInTheWorkspaceOfItsMaker(t *testing.T) {
	w := start(t)
	key, text := w.make(reading)
	got, err := w.authenticate(text, w.maker.Permissions)
	want := authz.Principal{Kind: authz.Key, ID: key.ID.UUID(), Tenant: w.maker.Tenant, Permissions: authz.NewSet(reading)}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestAKeyIsRotatedWhileTheOldOneGoesOn(t *testing.T) {
	w := start(t)
	old, oldText := w.make(reading)
	made, text, err := w.Rotate(w.ctx(), old.ID, 10*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	w.works("the new key", text.Reveal())
	w.works("the old key, in the overlap", oldText)
	listed, err := w.List(w.ctx())
	if err != nil || len(listed) != 2 {
		t.Fatalf("%v, %v", listed, err)
	}
	var got []string
	for _, k := range listed {
		got = append(got, k.Name+" "+strings.Join(k.Scopes, " "), time.Until(k.ExpiresAt).Round(10*time.Minute).String())
	}
	if diff := cmp.Diff([]string{"robot orders.order.read", "1h0m0s", "robot orders.order.read", "10m0s"}, got); diff != "" || made.ID != listed[0].ID {
		t.Error(diff)
	}
	if _, _, err := w.Rotate(w.ctx(), made.ID, 0); err != nil {
		t.Fatal(err)
	}
	w.refuses("without an overlap", text.Reveal())
}

func TestUsesAreStoredTogether(t *testing.T) {
	w := start(t)
	_, first := w.make(reading)
	_, second := w.make(writing)
	for range 20 {
		w.works("the first", first)
		w.works("the second", second)
	}
	across := db.AcrossTenants(w.database, "look when keys were used")
	const seen = `select count(last_used_at) from apikeys.keys`
	if n := dbtest.Value[int](t, across, seen); n != 0 {
		t.Errorf("%d uses were written by requests", n)
	}
	if err := w.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := dbtest.Value[int](t, across, seen); n != 2 {
		t.Errorf("%d keys were used, want 2", n)
	}
}

func TestAKeyIsMadeByAUserWhoHasJustProvedToBeThere(t *testing.T) {
	w := start(t)
	key, _ := w.make(reading)
	r := apikeys.CreateRequest{Name: "robot", Scopes: []string{string(reading)}, Life: time.Hour}
	w.maker.Proved = time.Now().Add(-time.Hour)
	if _, _, err := w.Create(w.ctx(), r); !errors.Is(err, authz.ErrProof) {
		t.Errorf("create: %v", err)
	}
	if _, _, err := w.Rotate(w.ctx(), key.ID, 0); !errors.Is(err, authz.ErrProof) {
		t.Errorf("rotate: %v", err)
	}
	w.maker.Kind, w.maker.Proved = authz.Key, time.Now()
	if _, _, err := w.Create(w.ctx(), r); !errors.Is(err, authz.ErrDenied) {
		t.Errorf("a key makes another: %v", err)
	}
}

func TestAKeyNeedsANameAndScopes(t *testing.T) {
	w := start(t)
	for name, test := range map[string]struct {
		request apikeys.CreateRequest
		want    error
	}{
		"no name":     {apikeys.CreateRequest{Name: " ", Scopes: []string{string(reading)}}, apikeys.ErrName},
		"two lines":   {apikeys.CreateRequest{Name: "a\nb", Scopes: []string{string(reading)}}, apikeys.ErrName},
		"also two":    {apikeys.CreateRequest{Name: "a\u2028b", Scopes: []string{string(reading)}}, apikeys.ErrName},
		"no scope":    {apikeys.CreateRequest{Name: "a"}, apikeys.ErrScopes},
		"scope twice": {apikeys.CreateRequest{Name: "a", Scopes: []string{string(reading), string(reading)}}, apikeys.ErrScopes},
	} {
		if _, _, err := w.Create(w.ctx(), test.request); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", name, err, test.want)
		}
	}
}

func TestTheFormOfAKeyIsThatOfTheDocs(t *testing.T) {
	w := start(t)
	docs, err := os.ReadFile("../../../docs/api-keys.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^    (\\bsk_.*)$`).FindSubmatch(docs)
	if found == nil {
		t.Fatal("the docs have no expression")
	}
	form := regexp.MustCompile(string(found[1]))
	for range 20 {
		key, text := w.make(reading)
		if got := form.FindString("key: " + text + "."); got != text {
			t.Errorf("%q finds %q in %q", form, got, text)
		}
		if !strings.Contains(text, strings.TrimPrefix(key.ID.String(), "key_")) {
			t.Errorf("%s is not in %s", key.ID, text)
		}
	}
}

func TestWhatIsDoneWithKeysLeavesItsEntry(t *testing.T) {
	w := start(t)
	key, _ := w.make(reading)
	made, _, err := w.Rotate(w.ctx(), key.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Revoke(w.ctx(), made.ID); err != nil {
		t.Fatal(err)
	}
	if err := w.Revoke(w.ctx(), made.ID); !errors.Is(err, apikeys.ErrNotFound) {
		t.Errorf("twice: %v", err)
	}
	const query = `select array_agg(concat_ws(' ', action, subject, nullif(details::text, 'null')) order by seq) from audit.entries`
	got := dbtest.Value[[]string](t, db.AcrossTenants(w.database, "look at the audit log"), query)
	want := []string{
		`apikeys.key_created ` + key.ID.String() + ` {"scopes":"orders.order.read"}`,
		`apikeys.key_rotated ` + key.ID.String() + ` {"by":"` + made.ID.String() + `"}`,
		`apikeys.key_revoked ` + made.ID.String(),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryRouteRefusesWhoIsNotSignedIn(t *testing.T) {
	w := start(t)
	c := httpxtest.New(t, w.Routes)
	api := httpx.NewAPI(http.NewServeMux(), httpx.Options{Name: "x"})
	w.Routes(api)
	for _, op := range api.Operations() {
		c.Refused(op.Method+" "+op.Path, c.Do(op.Method, op.Path, `{}`, 0), http.StatusUnauthorized, "unauthenticated")
	}
}
