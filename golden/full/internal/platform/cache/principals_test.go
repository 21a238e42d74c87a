package cache_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/cache"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/redis/redistest"
)

// finds returns a load of one principal, and how often it ran.
func finds(who authz.Principal) (func(context.Context) (authz.Principal, error), *int) {
	return gives(who, nil)
}

func member() authz.Principal {
	return authz.Principal{
		Kind: authz.User, ID: id.New(), Tenant: id.New(), Session: id.New(), Role: authz.Member, Permissions: authz.NewSet("orders.order.read"),
	}
}

func TestAPrincipalIsRememberedAsItIs(t *testing.T) {
	store := open(redistest.New(t, 6))
	p := cache.NewPrincipals(store, "v1")
	ann := member()
	load, loads := finds(ann)
	for range 5 {
		got, err := p.Get(t.Context(), "token", "firm", load)
		if diff := cmp.Diff(ann, got); diff != "" || err != nil {
			t.Fatalf("%v (-want +got):\n%s", err, diff)
		}
	}
	if *loads != 2 {
		t.Errorf("%d loads, want one that learns whose generations count and one that is stored", *loads)
	}
	want := cache.Stats{Name: "principals", Hits: 3, Misses: 2, Loads: 2, HitRatio: 0.6}
	if diff := cmp.Diff([]cache.Stats{want}, store.Stats()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for what, get := range map[string]func() (authz.Principal, error){
		"another token":  func() (authz.Principal, error) { return p.Get(t.Context(), "other", "firm", load) },
		"another tenant": func() (authz.Principal, error) { return p.Get(t.Context(), "token", "", load) },
		"another version": func() (authz.Principal, error) {
			return cache.NewPrincipals(store, "v2").Get(t.Context(), "token", "firm", load)
		},
	} {
		before := *loads
		if _, err := get(); err != nil || *loads == before {
			t.Errorf("%s is given the same, %v", what, err)
		}
	}
}

func TestBetweenTheBeginOfAChangeAndItsEndNobodyIsBelieved(t *testing.T) {
	client := redistest.New(t, 6)
	p := cache.NewPrincipals(open(client), "v1")
	ann := member()
	load, loads := finds(ann)
	get := func(what string, times, want int) {
		t.Helper()
		before := *loads
		for range times {
			if _, err := p.Get(t.Context(), "token", "firm", load); err != nil {
				t.Fatal(err)
			}
		}
		if got := *loads - before; got != want {
			t.Errorf("%s: %d loads, want %d", what, got, want)
		}
	}
	for who, changed := range map[string]id.UUID{"the user": ann.ID, "the tenant": ann.Tenant} {
		get(who+" is remembered", 5, 2)
		p.Changing(t.Context(), changed, id.UUID{})
		get(who+" changes", 3, 3)
		p.Forget(t.Context(), changed)
		get(who+" has changed", 3, 1)
		p.Changing(t.Context(), changed)
		if err := client.Del(t.Context(), "principals:generation:"+changed.String()).Err(); err != nil { // it is too old
			t.Fatal(err)
		}
		get("nobody tells that "+who+" has changed", 5, 2)
		client.FlushDB(t.Context())
	}
}

func TestNobodyIsRemembered(t *testing.T) {
	client := redistest.New(t, 6)
	p := cache.NewPrincipals(open(client), "v1")
	load, loads := finds(authz.Principal{})
	for range 4 {
		if who, err := p.Get(t.Context(), "forged", "firm", load); who.Kind != authz.Nobody || err != nil {
			t.Errorf("%+v, %v", who, err)
		}
	}
	if n := client.DBSize(t.Context()).Val(); *loads != 4 || n != 0 {
		t.Errorf("%d loads, and %d keys in Redis", *loads, n)
	}
}

func TestAttackTheMemoryOfRedisIsRead(t *testing.T) {
	t.Attr("tried", "read all of Redis to sign in, or to learn who the users are")
	t.Attr("stopped", "it holds hashes of tokens, ids and permissions")
	client := redistest.New(t, 6)
	p := cache.NewPrincipals(open(client), "v1")
	load, _ := finds(member())
	for range 3 {
		_, _ = p.Get(t.Context(), "session_canary-token", "ws_canary", load)
	}
	var dump strings.Builder
	for _, key := range client.Keys(t.Context(), "*").Val() {
		text, _ := json.Marshal([]any{key, client.HGetAll(t.Context(), key).Val(), client.Get(t.Context(), key).Val()})
		dump.Write(text)
	}
	if strings.Contains(dump.String(), "canary") || !strings.Contains(dump.String(), "orders.order.read") {
		t.Errorf("redis holds %s", &dump)
	}
}

func TestForgetEndsWhatIsRememberedOfOneUserOneTenantOrEverybody(t *testing.T) {
	client := redistest.New(t, 6)
	here, there := cache.NewPrincipals(open(client), "v1"), cache.NewPrincipals(open(client), "v1")
	ann, ben := member(), member()
	for what, test := range map[string]struct {
		forget     func()
		annA, benB bool
	}{
		"the user":   {func() { there.Forget(t.Context(), ann.ID) }, true, false},
		"the tenant": {func() { there.Forget(t.Context(), id.UUID{}, ben.Tenant) }, false, true},
		"nobody":     {func() { there.Forget(t.Context(), id.UUID{}) }, false, false},
		"everybody":  {func() { _ = there.ForgetEverybody(t.Context()) }, true, true},
	} {
		annLoad, annLoads := finds(ann)
		benLoad, benLoads := finds(ben)
		both := func() {
			_, _ = here.Get(t.Context(), "ann", "", annLoad)
			_, _ = here.Get(t.Context(), "ben", "", benLoad)
		}
		both()
		both()
		annBefore, benBefore := *annLoads, *benLoads
		test.forget()
		both()
		if got := [2]bool{*annLoads > annBefore, *benLoads > benBefore}; got != [2]bool{test.annA, test.benB} {
			t.Errorf("%s is forgotten: ann and ben are loaded: %v", what, got)
		}
	}
}

// Each change is larger than those before it, so that a principal is old if its role is smaller than one that was told before the
// request began. Now and then Redis is emptied.
func TestNoPrincipalIsBelievedAfterAChange(t *testing.T) {
	client := redistest.New(t, 6)
	processes := []*cache.Principals{cache.NewPrincipals(open(client), "v1"), cache.NewPrincipals(open(client), "v1")}
	const users, steps = 3, 150
	var truth, told [users]atomic.Int64
	var writing [users]sync.Mutex
	people := []authz.Principal{member(), member(), member()}
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(worker)))
			for step := range steps {
				i, p := random.IntN(users), processes[random.IntN(2)]
				if worker == 0 && step%20 == 0 {
					client.FlushDB(t.Context())
				}
				if random.IntN(5) == 0 {
					writing[i].Lock()
					now := truth[i].Add(1)
					p.Forget(t.Context(), []id.UUID{people[i].ID, people[i].Tenant}[random.IntN(2)])
					told[i].Store(now)
					writing[i].Unlock()
					continue
				}
				least := told[i].Load()
				who, err := p.Get(t.Context(), strconv.Itoa(i), "", func(ctx context.Context) (authz.Principal, error) {
					found := people[i]
					found.Role = authz.Role(strconv.FormatInt(truth[i].Load(), 10))
					return found, client.Ping(ctx).Err() // lets others pass between reading and storing
				})
				if got, _ := strconv.ParseInt(string(who.Role), 10, 64); err != nil || got < least {
					t.Errorf("a principal of change %d, %v, after change %d was told", got, err, least)
				}
			}
		})
	}
	group.Wait()
}

func TestWhatRedisCouldNotBeToldItIsToldWhenItIsBack(t *testing.T) {
	wire := redistest.NewWire(t, 6)
	client := wire.Open()
	client.FlushDB(t.Context())
	store := open(client)
	p := cache.NewPrincipals(store, "v1")
	ann, loads := member(), 0
	load := func(context.Context) (authz.Principal, error) { loads++; return ann, nil }
	get := func(p *cache.Principals) authz.Role {
		who, err := p.Get(t.Context(), "ann", "", load)
		if err != nil {
			t.Error(err)
		}
		return who.Role
	}
	get(p)
	get(p)
	wire.Cut()
	get(p)
	if loads != 3 {
		t.Errorf("%d loads, want one more while Redis is away", loads)
	}
	ann.Role = authz.Viewer
	p.Forget(t.Context(), ann.ID)
	wire.Mend()
	// Another process, which never lost Redis, is given what it had until Redis is told.
	other := cache.NewPrincipals(open(wire.Beside()), "v1")
	if get(other) != authz.Member {
		t.Error("Redis was told: this test proves nothing")
	}
	for range 500 {
		if get(p) == authz.Viewer && get(other) == authz.Viewer {
			return
		}
		time.Sleep(10 * time.Millisecond) // it is asked again within a second
	}
	t.Error("it was never told")
}
