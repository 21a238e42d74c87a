package idempotency_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/httpx/httpxtest"
	"example.com/myapp/internal/platform/secret"
)

const leaseIsOver = "locked_until = now() - interval '1 second'"

func TestManyAtOnceHaveOneEffect(t *testing.T) {
	const requests = 200
	s := open(t, place)
	answers := make([]*httptest.ResponseRecorder, requests)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = s.send(request{body: "tea"}) })
	}
	all.Wait()
	replays := 0
	for _, w := range answers {
		switch {
		case w.Code == http.StatusCreated && strings.Contains(w.Body.String(), `"Order":1,`):
			replays++
		case httpxtest.Code(t, w) == "409 idempotency_in_progress" && w.Header().Get("Retry-After") != "":
		default:
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	if n := s.orders(); n != 1 || replays == 0 {
		t.Errorf("%d orders, %d were told of one", n, replays)
	}
}

// slow is a shop in which the first request waits when its work is done.
type slow struct {
	shop
	tries  atomic.Int64
	resume chan struct{}
	first  chan *httptest.ResponseRecorder
}

// openSlow returns one whose first request waits. Later is what the others end with.
func openSlow(t *testing.T, later func(try int64) error) *slow {
	working := make(chan struct{})
	s := &slow{resume: make(chan struct{}), first: make(chan *httptest.ResponseRecorder)}
	s.shop = open(t, func(ctx context.Context, orders *db.DB) (*order, error) {
		taken, err := place(ctx, orders)
		try := s.tries.Add(1)
		if try == 1 {
			close(working)
			<-s.resume
			return taken, err
		}
		if later := later(try); later != nil {
			return nil, later
		}
		return taken, err
	})
	go func() { s.first <- s.send(request{}) }()
	select {
	case <-working:
	case w := <-s.first:
		t.Fatalf("the first did not wait: %d %s", w.Code, w.Body)
	}
	return s
}

func TestASlowOwnerIsFencedByWhoTookOver(t *testing.T) {
	s := openSlow(t, func(int64) error { return nil })
	if got := httpxtest.Code(t, s.send(request{})); got != "409 idempotency_in_progress" {
		t.Errorf("while the lease lasts: %s", got)
	}
	if got := httpxtest.Code(t, s.send(request{body: "another"})); got != "422 idempotency_key_reused" {
		t.Errorf("another request meanwhile: %s", got)
	}
	s.change(leaseIsOver)
	if got := httpxtest.Code(t, s.send(request{body: "another"})); got != "422 idempotency_key_reused" {
		t.Errorf("another request when the lease is over: %s", got)
	}
	second := s.send(request{})
	if second.Code != http.StatusCreated || s.tries.Load() != 2 {
		t.Errorf("takeover: %d, %d tries", second.Code, s.tries.Load())
	}
	close(s.resume)
	if got := httpxtest.Code(t, <-s.first); got != "409 idempotency_in_progress" {
		t.Errorf("the slow owner: %s", got)
	}
	third := s.send(request{})
	if !replayed(third) || third.Body.String() != second.Body.String() || s.orders() != 1 {
		t.Errorf("afterwards: %d %s, want %s; %d orders", third.Code, third.Body, second.Body, s.orders())
	}
}

// The claim of the second goes with its row. That of the third must not be taken for that of the first.
func TestNoTwoAttemptsAreTheSame(t *testing.T) {
	s := openSlow(t, func(try int64) error {
		if try == 2 {
			return authz.ErrDenied
		}
		return nil
	})
	s.change(leaseIsOver)
	if w := s.send(request{}); w.Code != http.StatusForbidden {
		t.Errorf("second: %d", w.Code)
	}
	before := s.orders() // what was refused is committed
	third := s.send(request{})
	close(s.resume)
	if first := <-s.first; third.Code != http.StatusCreated || first.Code != http.StatusConflict || s.orders() != before+1 {
		t.Errorf("third: %d; first: %d %s; %d orders more", third.Code, first.Code, first.Body, s.orders()-before)
	}
}

// TestMain is the shop of another process, if there are arguments for one.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "shop" {
		panic(serveProcess(os.Args[2]))
	}
	os.Exit(m.Run())
}

// serveProcess says where it listens, and then when the work of a request is done, which it never commits.
func serveProcess(url string) error {
	database, err := db.Open(context.Background(), db.Options{
		URL: secret.New(url), MaxConns: 4, StatementTimeout: time.Minute, LockTimeout: time.Minute,
	})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, listener.Addr())
	shop := serve(database, slog.New(slog.DiscardHandler), func(ctx context.Context, orders *db.DB) (*order, error) {
		if _, err := place(ctx, orders); err != nil {
			return nil, err
		}
		fmt.Fprintln(os.Stdout, "done")
		select {} // until it is killed
	})
	return http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shop.ServeHTTP(w, r.WithContext(authz.With(r.Context(), authz.Principal{Kind: authz.User})))
	}))
}

func TestWhatAKilledProcessBeganIsDoneOnceByTheNext(t *testing.T) {
	t.Parallel()
	options := dbtest.Options(t, schemas()...)
	database, err := db.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	s := reopen(t, database, place)

	process := exec.CommandContext(t.Context(), os.Args[0], "shop", options.URL.Reveal())
	process.Stderr = t.Output()
	stdout, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	lines.Scan()
	address := "http://" + lines.Text() + "/orders"
	lost := make(chan error)
	go func() {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader("tea"))
		r.Header.Set("Content-Type", "text/plain")
		r.Header.Set("Idempotency-Key", "k")
		_, err := http.DefaultClient.Do(r)
		lost <- err
	}()
	if lines.Scan(); lines.Text() != "done" {
		t.Fatalf("the process says %q", lines.Text())
	}
	_ = process.Process.Kill()
	_ = process.Wait()
	if err := <-lost; err == nil {
		t.Error("the process answered")
	}

	if got := httpxtest.Code(t, s.send(request{body: "tea"})); got != "409 idempotency_in_progress" || s.orders() != 0 {
		t.Errorf("while the lease lasts: %s and %d orders", got, s.orders())
	}
	s.change(leaseIsOver)
	if w := s.send(request{body: "tea"}); w.Code != http.StatusCreated || replayed(w) {
		t.Errorf("takeover: %d %s", w.Code, w.Body)
	}
	if w := s.send(request{body: "tea"}); !replayed(w) || s.orders() != 1 {
		t.Errorf("again: %d, and %d orders", w.Code, s.orders())
	}
}
