package health

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func works(context.Context) error { return nil }

func fails(context.Context) error { return errors.New("canary: connection refused") }

// ask returns the status and the body of a path.
func ask(h *Health, path string) (int, map[string]any) {
	mux := http.NewServeMux()
	h.Routes(mux)
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	var body map[string]any
	_ = json.Unmarshal(w.Body.Bytes(), &body) // nil shows in the comparison
	return w.Code, body
}

func TestReadinessFollowsTheHardChecks(t *testing.T) {
	answer := func(status, truth, cache string) map[string]any {
		return map[string]any{"status": status, "checks": map[string]any{"truth": truth, "cache": cache}}
	}
	for name, test := range map[string]struct {
		truth, cache Probe
		status       int
		want         map[string]any
	}{
		"all work":   {works, works, 200, answer("ok", "ok", "ok")},
		"soft fails": {works, fails, 200, answer("degraded", "ok", "failing")},
		"hard fails": {fails, works, 503, answer("unavailable", "failing", "ok")},
		"both fail":  {fails, fails, 503, answer("unavailable", "failing", "failing")},
	} {
		t.Run(name, func(t *testing.T) {
			h := New(slog.New(slog.DiscardHandler))
			h.Hard("truth", test.truth)
			h.Soft("cache", test.cache)
			status, body := ask(h, "/readyz")
			if status != test.status {
				t.Errorf("status is %d, want %d", status, test.status)
			}
			if diff := cmp.Diff(test.want, body); diff != "" {
				t.Error(diff)
			}
			if status, _ := ask(h, "/livez"); status != http.StatusOK {
				t.Errorf("/livez is %d: it must not ask a dependency", status)
			}

			h.Drain()
			test.want["status"], test.want["draining"] = "unavailable", true
			status, body = ask(h, "/readyz")
			if diff := cmp.Diff(test.want, body); diff != "" || status != http.StatusServiceUnavailable {
				t.Errorf("while draining the status is %d and the answer\n%s", status, diff)
			}
		})
	}
}

func TestChecksRunAtOnceAndEndInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(slog.New(slog.DiscardHandler))
		hangs := func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}
		h.Hard("truth", hangs)
		h.Soft("cache", hangs)
		start := time.Now()
		if status, _ := ask(h, "/readyz"); status != http.StatusServiceUnavailable {
			t.Errorf("status is %d", status)
		}
		if took := time.Since(start); took != timeout {
			t.Errorf("two checks that hang took %v, want %v", took, timeout)
		}
	})
}

func TestAFloodOfQuestionsIsOnePingASecond(t *testing.T) {
	var pings int // without a lock: the race detector sees it if two run
	h := New(slog.New(slog.DiscardHandler))
	now := time.Now()
	h.now = func() time.Time { return now }
	h.Hard("truth", func(context.Context) error {
		pings++
		return nil
	})
	for range 3 {
		var flood sync.WaitGroup
		for range 100 {
			flood.Go(func() { ask(h, "/readyz") })
		}
		flood.Wait()
		now = now.Add(fresh)
	}
	if pings != 3 {
		t.Errorf("%d pings for three floods, want 3", pings)
	}
}

func TestAProberThatHangsUpDoesNotFailTheCheck(t *testing.T) {
	h := New(slog.New(slog.DiscardHandler))
	h.Hard("truth", func(ctx context.Context) error { return ctx.Err() })
	ctx, hangUp := context.WithCancel(t.Context())
	hangUp()
	if got := h.report(ctx).Status; got != ok {
		t.Errorf("status is %s, want ok", got)
	}
}

func TestWhatFailsIsLoggedOnceAndNotAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		h := New(slog.New(slog.NewTextHandler(&log, nil)))
		probe := fails
		h.Hard("truth", func(ctx context.Context) error { return probe(ctx) })
		for range 3 {
			if _, body := ask(h, "/readyz"); strings.Contains(fmt.Sprint(body), "canary") {
				t.Errorf("the answer holds the error: %v", body)
			}
			time.Sleep(fresh)
		}
		probe = works
		ask(h, "/readyz")
		if n := strings.Count(log.String(), "began to fail"); n != 1 || !strings.Contains(log.String(), "canary") {
			t.Errorf("the failure is logged %d times: %s", n, &log)
		}
		if n := strings.Count(log.String(), "works again"); n != 1 {
			t.Errorf("the recovery is logged %d times: %s", n, &log)
		}
	})
}
