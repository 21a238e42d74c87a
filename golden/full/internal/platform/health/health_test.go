package health

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
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
	for name, test := range map[string]struct {
		truth, cache Probe
		drain        bool
		status       int
		want         map[string]any
	}{
		"all work":    {works, works, false, 200, map[string]any{"status": "ok", "checks": map[string]any{"truth": "ok", "cache": "ok"}}},
		"soft fails":  {works, fails, false, 200, map[string]any{"status": "degraded", "checks": map[string]any{"truth": "ok", "cache": "failing"}}},
		"hard fails":  {fails, works, false, 503, map[string]any{"status": "unavailable", "checks": map[string]any{"truth": "failing", "cache": "ok"}}},
		"both fail":   {fails, fails, false, 503, map[string]any{"status": "unavailable", "checks": map[string]any{"truth": "failing", "cache": "failing"}}},
		"draining":    {works, works, true, 503, map[string]any{"status": "unavailable", "draining": true, "checks": map[string]any{"truth": "ok", "cache": "ok"}}},
		"soft, drain": {works, fails, true, 503, map[string]any{"status": "unavailable", "draining": true, "checks": map[string]any{"truth": "ok", "cache": "failing"}}},
	} {
		t.Run(name, func(t *testing.T) {
			h := New(slog.New(slog.DiscardHandler))
			h.Hard("truth", test.truth)
			h.Soft("cache", test.cache)
			if test.drain {
				h.Drain()
			}
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
		})
	}
}

func TestDrainIsSeenAtOnceThoughAnswersAreKept(t *testing.T) {
	h := New(slog.New(slog.DiscardHandler))
	if status, _ := ask(h, "/readyz"); status != http.StatusOK {
		t.Fatalf("status is %d", status)
	}
	h.Drain()
	if status, _ := ask(h, "/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("status is %d after Drain, want 503", status)
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
		h.lastAt = h.lastAt.Add(-fresh) // a second goes by
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
			if _, body := ask(h, "/readyz"); strings.Contains(body["status"].(string)+body["checks"].(map[string]any)["truth"].(string), "canary") {
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
