package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"example.com/myapp/internal/platform/secret"
)

// keyStory is a workspace with a key of its owner, in the whole application.
type keyStory struct {
	*tenantReads

	at string

	// session is a request by the session of the owner, from behind its first line, and text is the key.
	session, text string
}

func newKeyStory(t *testing.T, change func(*tenantReads)) *keyStory {
	t.Helper()
	k := &keyStory{tenantReads: newTenantReads(t)}
	k.cfg.SignInMemory = 0 // what the test changes in the database holds at once
	if change != nil {
		change(k.tenantReads)
	}
	k.at = k.whole()
	_, k.session, _ = strings.Cut(string(k.reader(k.at)), "\r\n")
	const body = `{"name": "robot", "scopes": ["workspaces.workspace.read"]}`
	head := fmt.Sprintf("POST /v1/workspace/api-keys HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	var made struct{ Secret string }
	if err := json.Unmarshal(k.send(http.StatusCreated, head+k.session+body), &made); err != nil {
		t.Fatal(err)
	}
	k.text = made.Secret
	return k
}

// send sends a request on a connection of its own.
func (k *keyStory) send(status int, request string) []byte {
	k.t.Helper()
	answer, err := dialReads(k.t, k.at).send([]byte(request), status)
	if err != nil {
		k.t.Error(err)
	}
	return answer
}

// get asks for the workspace with some lines of a head.
func (k *keyStory) get(status int, lines ...string) string {
	k.t.Helper()
	return string(k.send(status, "GET /v1/workspace HTTP/1.1\r\nHost: localhost\r\n"+strings.Join(lines, "\r\n")+"\r\n\r\n"))
}

func TestAKeyCostsTheRoundTripsOfASession(t *testing.T) {
	t.Parallel()
	var counter *tripCounter
	k := newKeyStory(t, func(s *tenantReads) {
		var address string
		counter, address = countTrips(t, s.cfg.DatabaseURL.Reveal())
		s.cfg.DatabaseURL = secret.New(address)
	})
	// trips is the least of several: pgx prepares what is new to a connection.
	trips := func(status int, request string) (least int64, answer string) {
		least = 1000
		for range 20 {
			before := counter.trips.Load()
			answer = string(k.send(status, request))
			least = min(least, counter.trips.Load()-before)
		}
		return least, answer
	}
	byKey := func(text string) string {
		return "GET /v1/workspace HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + text + "\r\n\r\n"
	}
	want, shown := trips(http.StatusOK, "GET /v1/workspace HTTP/1.1\r\n"+k.session)
	got, answer := trips(http.StatusOK, byKey(k.text))
	// Where sessions are remembered for all processes, one saves the round trip that a key costs.
	if want == 0 || got > 2 || got < want || answer != shown {
		t.Errorf("a session costs %d round trips, a key %d; they are answered\n%s\n%s", want, got, shown, answer)
	}
	if got, _ := trips(http.StatusUnauthorized, byKey(k.text+"a")); got != 0 {
		t.Errorf("what is no key costs %d round trips", got)
	}
}

func TestAttackAKeyOutsideOfItsPlace(t *testing.T) {
	t.Attr("tried", "use an API key as a cookie, in another workspace, beyond its scopes, and after its maker has left, for good or for a while")
	t.Attr("stopped", "a key is taken from its header, acts in its workspace, and needs its maker there")
	t.Parallel()
	k := newKeyStory(t, nil)
	bearer := "Authorization: Bearer " + k.text
	k.get(http.StatusOK, bearer)
	k.get(http.StatusUnauthorized, "Cookie: session="+k.text)
	k.get(http.StatusUnauthorized, "Authorization: Basic "+k.text)

	_, other, _ := strings.Cut(string(k.reader(k.at)), "X-Workspace: ")
	k.get(http.StatusForbidden, bearer, "X-Workspace: "+strings.TrimSpace(other))
	k.get(http.StatusForbidden, bearer, "X-Workspace: nonsense")
	k.send(http.StatusForbidden, "GET /v1/workspace/members HTTP/1.1\r\nHost: localhost\r\n"+bearer+"\r\n\r\n")
	k.send(http.StatusForbidden, "GET /v1/identity/me HTTP/1.1\r\nHost: localhost\r\n"+bearer+"\r\n\r\n")

	for _, happens := range []string{
		`alter table workspaces.members no force row level security`,
		`update workspaces.members set created_at = now()`, // he left, and has come back
		`update workspaces.members set user_id = gen_random_uuid(), created_at = '2000-01-01'`,
	} {
		if _, err := k.pool.Exec(t.Context(), happens); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(happens, "alter") {
			k.get(http.StatusUnauthorized, bearer)
		}
	}
}
