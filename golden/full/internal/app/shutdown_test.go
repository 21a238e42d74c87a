package app

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.com/myapp/internal/platform/config"
)

// A load balancer sends requests as long as /readyz lets it, over connections that it keeps. Some requests are under way
// when the signal comes and end only when the API takes no more.
func TestNoRequestIsLostWhenTheProcessStopsUnderLoad(t *testing.T) {
	const clients, held, enough = 8, 4, 500
	var holding, handled, sent, answered atomic.Int64
	entered, release, drained, loaded := make(chan bool), make(chan bool), make(chan bool), make(chan bool)
	holding.Store(held)
	r := runApp(t, func(a *App) { a.sleep = func(time.Duration) { <-drained } }, func(context.Context) error {
		if holding.Add(-1) >= 0 {
			entered <- true
			<-release
		}
		handled.Add(1)
		return nil
	})
	send := func(client *http.Client) {
		sent.Add(1)
		if err := get(client, r.api+"/work", http.StatusNoContent); err != nil {
			t.Error(err)
		} else if answered.Add(1) == enough {
			close(loaded)
		}
	}
	var slow, load sync.WaitGroup
	for range held {
		slow.Go(func() { send(&http.Client{Transport: &http.Transport{}}) })
		<-entered
	}
	var ready atomic.Bool
	ready.Store(true)
	for range clients {
		load.Go(func() {
			for client := (&http.Client{Transport: &http.Transport{}}); ready.Load(); {
				send(client)
			}
		})
	}
	<-loaded
	r.signal()
	for get(http.DefaultClient, r.admin+"/readyz", http.StatusServiceUnavailable) != nil {
		continue // until the load balancer sees it
	}
	ready.Store(false)
	load.Wait()
	close(drained)
	close(release)
	slow.Wait()

	if err := <-r.done; err != nil {
		t.Errorf("Run: %v", err)
	}
	if sent.Load() != answered.Load() || sent.Load() != handled.Load() || sent.Load() < enough {
		t.Errorf("%d requests sent, %d handled, %d answered", sent.Load(), handled.Load(), answered.Load())
	}
}

func TestWhileDrainingEachAnswerIsTheLastOfItsConnection(t *testing.T) {
	drained := make(chan bool)
	draining := make(chan time.Duration)
	r := runApp(t, func(a *App) {
		a.cfg.DrainDelay = time.Hour
		a.sleep = func(d time.Duration) {
			draining <- d
			<-drained
		}
	}, nil)
	r.signal()
	if d := <-draining; d != time.Hour {
		t.Errorf("drains for %v, want DRAIN_DELAY", d)
	}
	response, err := http.Get(r.api + "/livez")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK || !response.Close {
		t.Errorf("the answer is %s and the connection is closed: %v", response.Status, response.Close)
	}
	close(drained)
	if err := <-r.done; err != nil {
		t.Errorf("Run: %v", err)
	}
}

func TestARequestThatRunsIsWaitedForAndNoFurtherOneTaken(t *testing.T) {
	entered, release := make(chan bool), make(chan bool)
	r := runApp(t, func(*App) {}, func(context.Context) error {
		entered <- true
		<-release
		return nil
	})
	answer := make(chan error)
	go func() { answer <- get(http.DefaultClient, r.api+"/work", http.StatusNoContent) }()
	<-entered
	r.signal()
	for refused := false; !refused; {
		conn, err := net.Dial("tcp", strings.TrimPrefix(r.api, "http://"))
		if refused = err != nil; !refused {
			conn.Close()
		}
	}
	if err := get(http.DefaultClient, r.admin+"/livez", http.StatusOK); err != nil {
		t.Errorf("the process does not answer while it drains: %v", err)
	}
	close(release)
	if err := <-answer; err != nil {
		t.Errorf("the request that ran: %v", err)
	}
	if err := <-r.done; err != nil {
		t.Errorf("Run: %v", err)
	}
}

func TestARequestThatDoesNotEndIsCutOff(t *testing.T) {
	entered, cut := make(chan bool), make(chan error, 1)
	r := runApp(t, func(a *App) { a.cfg.ShutdownTimeout = 20 * time.Millisecond }, func(ctx context.Context) error {
		entered <- true
		<-ctx.Done()
		cut <- ctx.Err()
		return ctx.Err()
	})
	go func() { _ = get(http.DefaultClient, r.api+"/work", http.StatusNoContent) }()
	<-entered
	r.signal()

	if err := <-r.done; !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "close api") {
		t.Errorf("Run: %v, want that the API did not close in time", err)
	}
	if err := <-cut; !errors.Is(err, context.Canceled) {
		t.Errorf("the request ended with %v", err)
	}
}

func TestWhatWasOpenedIsClosedInReverse(t *testing.T) {
	var closed []string
	broken := errors.New("broken")
	a := newApp(config.Config{ShutdownTimeout: time.Minute}, nil)
	for _, name := range []string{"first", "second", "third"} {
		a.onClose(name, func(context.Context) error {
			closed = append(closed, name)
			if name == "second" {
				return broken
			}
			return nil
		})
	}
	signalled, signal := context.WithCancel(t.Context())
	signal()
	if err := a.close(signalled); !errors.Is(err, broken) || err.Error() != "close second: broken" {
		t.Errorf("close: %v", err)
	}
	if want := []string{"third", "second", "first"}; !slices.Equal(closed, want) {
		t.Errorf("closed %v, want %v", closed, want)
	}
}

func TestWhatHangsWhileClosingIsLeftBehind(t *testing.T) {
	a := newApp(config.Config{ShutdownTimeout: time.Millisecond}, nil)
	hang := make(chan bool)
	defer close(hang)
	a.onClose("pool", func(context.Context) error { <-hang; return nil })
	if err := a.close(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("close: %v, want that it took too long", err)
	}
}

func TestAPartThatEndsByItselfEndsTheProcess(t *testing.T) {
	r := runApp(t, func(a *App) { a.cfg.DrainDelay = time.Hour }, nil)
	broken := errors.New("broken")
	r.fail(broken)
	if err := <-r.done; !errors.Is(err, broken) {
		t.Errorf("Run: %v, want broken", err)
	}
}

func TestAnAddressThatIsTakenIsAnError(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	a := newApp(config.Config{AdminAddr: taken.Addr().String()}, slog.New(slog.DiscardHandler))
	if err := a.serveAdmin(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "serve admin: listen tcp") {
		t.Errorf("serveAdmin: %v", err)
	}
}
