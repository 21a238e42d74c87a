package httpx_test

import (
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestARequestKeepsItsIDIfThatIsSane(t *testing.T) {
	s := newSurface(t, nil)
	made := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	for given, kept := range map[string]bool{
		"a": true, "0199a-B_c.9": true, strings.Repeat("x", 64): true,
		"": false, strings.Repeat("x", 65): false, "a b": false, "a\"b": false, "ä": false, "a\x00": false, "a;b": false, "a\tb": false,
	} {
		got := s.do("GET", "/nope", nil, "X-Request-Id", given).Header().Get("X-Request-Id")
		if kept && got != given {
			t.Errorf("id %q became %q", given, got)
		}
		if !kept && !made.MatchString(got) {
			t.Errorf("id %q became %q, want a new UUID of version 7", given, got)
		}
	}
}

func TestOneLineIsLoggedForEachRequest(t *testing.T) {
	const known, unknown = "PUT /items/{id}", "unmatched"
	for name, test := range map[string]struct {
		method, path, body string
		want               map[string]any
	}{
		"done":          {"PUT", "/items/1", `{"name":"x"}`, map[string]any{"level": "INFO", "route": known, "status": 200.0}},
		"refused":       {"PUT", "/items/1", `{"name":"taken"}`, map[string]any{"level": "INFO", "route": known, "status": 409.0}},
		"no such route": {"GET", "/" + sent, "", map[string]any{"level": "INFO", "route": unknown, "status": 404.0}},
		"nothing said":  {"GET", "/empty", "", map[string]any{"level": "INFO", "route": "GET /empty", "status": 200.0}},
		"failed": {
			"PUT", "/items/1", `{"name":"broken"}`,
			map[string]any{"level": "ERROR", "route": known, "status": 500.0, "error": inside},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSurface(t, nil, func(mux *http.ServeMux) {
				mux.HandleFunc("GET /empty", func(http.ResponseWriter, *http.Request) {})
			})
			size := s.do(test.method, test.path, strings.NewReader(test.body)).Body.Len()
			if n := strings.Count(s.log.String(), "\n"); n != 1 {
				t.Fatalf("%d lines: %s", n, s.log)
			}
			line := decode(t, s.log.String())
			if took, ok := line["duration_us"].(float64); !ok || took < 0 {
				t.Errorf("duration_us is %v", line["duration_us"])
			}
			delete(line, "time")
			delete(line, "duration_us")
			maps.Copy(test.want, map[string]any{
				"msg": "request", "request_id": "test-1", "method": test.method, "bytes": float64(size),
			})
			if diff := cmp.Diff(test.want, line); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNothingThatAClientSendsIsLogged(t *testing.T) {
	s := newSurface(t, nil)
	for _, body := range []string{`{"name":"` + sent + `"}`, `{"` + sent + `":1}`, sent, `{"name":7,"x":"` + sent + `"}`} {
		s.put(body, "Authorization", sent, "Cookie", sent, "X-Any", sent, "User-Agent", sent, "Referer", sent)
		s.do("GET", "/"+sent+"?"+sent, strings.NewReader(sent), "X-Request-Id", sent+" ")
	}
	if strings.Contains(s.log.String(), sent) {
		t.Errorf("the log holds what a client sent: %s", s.log)
	}
}

func TestProbesAreNotLoggedAtInfo(t *testing.T) {
	s := newSurface(t, nil, func(mux *http.ServeMux) {
		mux.HandleFunc("GET /livez", func(http.ResponseWriter, *http.Request) {})
	})
	s.do("GET", "/livez", nil)
	if s.log.String() != "" {
		t.Errorf("the log is %s", s.log)
	}
}
