package app

import (
	"cmp"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/myapp/internal/platform/secret"
	"example.com/myapp/internal/platform/token"
)

// tripCounter stands between a process and Postgres and counts how often something is sent and answered.
type tripCounter struct {
	net.Listener

	server string
	trips  atomic.Int64
}

// countTrips returns a counter, and the address that leads through it.
func countTrips(t *testing.T, address string) (*tripCounter, string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	c := &tripCounter{Listener: listener, server: net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), "5432"))}
	go c.serve()
	u.Host = listener.Addr().String()
	return c, u.String()
}

func (c *tripCounter) serve() {
	for {
		client, err := c.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", c.server)
		if err != nil {
			client.Close()
			continue
		}
		var asked atomic.Bool
		go passOn(client, server, func() { asked.Store(true) })
		go passOn(server, client, func() {
			if asked.Swap(false) {
				c.trips.Add(1)
			}
		})
	}
}

// passOn hands on what comes, and says so before it does.
func passOn(from, to net.Conn, say func()) {
	defer to.Close()
	for piece := make([]byte, 32<<10); ; {
		n, err := from.Read(piece)
		if err != nil {
			return
		}
		say()
		if _, err := to.Write(piece[:n]); err != nil {
			return
		}
	}
}

func TestAReadOfATenantCostsOneRoundTripMoreThanTheBareQueryAndNoneWhileTheSessionIsRemembered(t *testing.T) {
	t.Parallel()
	s := newTenantReads(t)
	counter, address := countTrips(t, s.cfg.DatabaseURL.Reveal())
	s.cfg.DatabaseURL = secret.New(address)
	s.cfg.SignInMemory = 0
	whole := s.whole()
	request := s.reader(whole)
	s.cfg.SignInMemory = time.Hour
	remembers := s.whole()
	pool, err := pgxpool.New(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	s.pool = pool
	bare := s.bare()

	// least is of several, since pgx prepares what is new to a connection and asks one that was idle whether it lives.
	least := func(at string) (trips int64, answer string) {
		for range 20 {
			before := counter.trips.Load()
			body, err := dialReads(t, at).send(request, http.StatusOK)
			if err != nil {
				t.Fatal(err)
			}
			answer = string(body)
			if took := counter.trips.Load() - before; trips == 0 || took < trips {
				trips = took
			}
		}
		return trips, answer
	}
	bareTrips, want := least(bare)
	trips, answer := least(whole)
	fewer, same := least(remembers)
	if answer != want || same != want {
		t.Errorf("the application answers %s and %s, the bare query %s", answer, same, want)
	}
	if bareTrips != 1 || trips > bareTrips+1 || fewer != bareTrips {
		t.Errorf("%d round trips, %d while the session is remembered, and %d of the bare query", trips, fewer, bareTrips)
	}
}

func TestAttackCredentialsThatNobodyKnowsAreLookedForOnlySoOften(t *testing.T) {
	t.Attr("tried", "keep the database busy with requests whose session or key is made up")
	t.Attr("stopped", "an address with too many of them is refused before the database is asked")
	t.Parallel()
	s := newTenantReads(t)
	counter, address := countTrips(t, s.cfg.DatabaseURL.Reveal())
	s.cfg.DatabaseURL, s.cfg.RateLimit = secret.New(address), 1
	at := s.whole()
	known := s.reader(at)
	if _, err := dialReads(t, at).send(known, http.StatusOK); err != nil {
		t.Fatal(err)
	}
	before := counter.trips.Load()
	const tries, burst = 200, 20
	refused := 0
	for range tries {
		made, _ := token.Kind("session").New()
		request := "GET /v1/workspace HTTP/1.1\r\nHost: localhost\r\nCookie: session=" + made.Reveal() + "\r\n\r\n"
		if _, err := dialReads(t, at).send([]byte(request), http.StatusTooManyRequests); err == nil {
			refused++
		}
	}
	asked := counter.trips.Load() - before
	if refused < tries/2 || asked < burst || asked > tries/2 {
		t.Errorf("of %d requests %d were refused, with %d round trips", tries, refused, asked)
	}
}

func TestAttackWorkspacesOfOthersAreAskedForOnlySoOften(t *testing.T) {
	t.Attr("tried", "keep the database busy with requests of one session for a workspace of others")
	t.Attr("stopped", "an address with too many of them is refused before the database is asked")
	t.Parallel()
	s := newTenantReads(t)
	counter, address := countTrips(t, s.cfg.DatabaseURL.Reveal())
	s.cfg.DatabaseURL, s.cfg.RateLimit = secret.New(address), 1
	at := s.whole()
	request := regexp.MustCompile(`X-Workspace: \S+`).ReplaceAll(s.reader(at), []byte("X-Workspace: ws_01m8hd6dfwfcr9jv787kq23d5e"))
	before := counter.trips.Load()
	const tries = 200
	refused := 0
	for range tries {
		if _, err := dialReads(t, at).send(request, http.StatusTooManyRequests); err == nil {
			refused++
		}
	}
	if asked := counter.trips.Load() - before; refused < tries/2 || asked == 0 || asked > tries/2 {
		t.Errorf("of %d requests %d were refused, with %d round trips", tries, refused, asked)
	}
}
