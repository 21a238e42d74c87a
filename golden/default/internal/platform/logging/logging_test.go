package logging_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/logging"
	"example.com/myapp/internal/platform/secret"
)

// lines decodes what a JSON logger wrote, without the time.
func lines(t *testing.T, out *bytes.Buffer) []map[string]any {
	t.Helper()
	var all []map[string]any
	for text := range strings.Lines(out.String()) {
		var line map[string]any
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		delete(line, "time")
		all = append(all, line)
	}
	return all
}

func TestALineCarriesWhatItsContextDoes(t *testing.T) {
	var out bytes.Buffer
	log := logging.New(&out, logging.Options{})

	ctx := logging.WithRequestID(context.Background(), "r-1")
	log.InfoContext(ctx, "first")
	log.With("part", "mail").InfoContext(logging.With(ctx, slog.Int("attempt", 2)), "second", "took", 3)
	log.InfoContext(ctx, "third")
	log.Info("fourth")

	want := []map[string]any{
		{"level": "INFO", "msg": "first", "request_id": "r-1"},
		{"level": "INFO", "msg": "second", "part": "mail", "took": 3.0, "request_id": "r-1", "attempt": 2.0},
		{"level": "INFO", "msg": "third", "request_id": "r-1"},
		{"level": "INFO", "msg": "fourth"},
	}
	if diff := cmp.Diff(want, lines(t, &out)); diff != "" {
		t.Error(diff)
	}
}

func TestLinesOfATraceCarryItsIDIfItHasTheFormOfW3C(t *testing.T) {
	const id = "4bf92f3577b34da6a3ce929d0e0e4736"
	for parent, want := range map[string]any{
		"00-" + id + "-00f067aa0ba902b7-01": id, "": nil, id: nil, "00-" + id + "-00f067aa0ba902b7-01\n": nil, "00-" + id + "-00F067AA0BA902B7-01": nil,
	} {
		var out bytes.Buffer
		ctx := logging.WithTrace(context.Background(), parent)
		logging.New(&out, logging.Options{}).InfoContext(ctx, "line")
		if got := lines(t, &out)[0]["trace_id"]; got != want || (want != nil) != (logging.Trace(ctx) == parent && parent != "") {
			t.Errorf("%q: trace_id is %v", parent, got)
		}
	}
}

func TestContextsThatShareAParentDoNotShareAttributes(t *testing.T) {
	var out bytes.Buffer
	log := logging.New(&out, logging.Options{})

	parent := context.Background()
	for _, name := range []string{"a", "b", "c"} { // one after the other, so that append would leave room for more
		parent = logging.With(parent, slog.Bool(name, true))
	}
	left, right := logging.With(parent, slog.String("side", "left")), logging.With(parent, slog.String("side", "right"))
	log.InfoContext(left, "")
	log.InfoContext(right, "")

	want := []map[string]any{
		{"level": "INFO", "msg": "", "a": true, "b": true, "c": true, "side": "left"},
		{"level": "INFO", "msg": "", "a": true, "b": true, "c": true, "side": "right"},
	}
	if diff := cmp.Diff(want, lines(t, &out)); diff != "" {
		t.Error(diff)
	}
}

// credentials are logged as a group.
type credentials struct{ token string }

func (c credentials) LogValue() slog.Value {
	return slog.GroupValue(slog.String("token", c.token))
}

func TestAnAttributeNamedLikeASecretIsHidden(t *testing.T) {
	for _, text := range []bool{false, true} {
		var out bytes.Buffer
		log := logging.New(&out, logging.Options{Text: text})
		log.Info("login", "Password", "canary", "token", []byte("canary"), slog.Group("headers", "Authorization", "canary"))
		log.Info("login", "session", credentials{"canary"})
		log.With("cookie", "canary", slog.Group("a", slog.Group("b", "dsn", "canary"))).Info("login")
		log.InfoContext(logging.With(t.Context(), slog.String("secret", "canary")), "login")
		if n := strings.Count(out.String(), secret.Redacted); n != 7 {
			t.Errorf("%d of 7 values are hidden: %s", n, &out)
		}
		if strings.Contains(out.String(), "canary") {
			t.Errorf("the log holds a secret: %s", out.String())
		}
	}
}

func TestLinesBelowTheLevelAreNotWritten(t *testing.T) {
	var out bytes.Buffer
	log := logging.New(&out, logging.Options{Level: slog.LevelWarn})
	log.Info("info")
	log.Warn("warn")
	if diff := cmp.Diff([]map[string]any{{"level": "WARN", "msg": "warn"}}, lines(t, &out)); diff != "" {
		t.Error(diff)
	}
}

func TestTheRequestIDIsFoundAgain(t *testing.T) {
	ctx := logging.With(logging.WithRequestID(context.Background(), "r-1"), slog.Int("n", 1))
	if got := logging.RequestID(ctx); got != "r-1" {
		t.Errorf("request id is %q, want r-1", got)
	}
	if got := logging.RequestID(context.Background()); got != "" {
		t.Errorf("request id of no request is %q", got)
	}
}
