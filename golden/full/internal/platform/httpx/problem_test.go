package httpx_test

import (
	"cmp"
	"io"
	"net/http"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/httpx"
)

// problem is the Problem that a client should see.
func problem(status int, code, detail string, errors ...any) map[string]any {
	p := map[string]any{
		"type":       "about:blank",
		"title":      http.StatusText(status),
		"status":     float64(status),
		"code":       code,
		"request_id": "test-1",
	}
	if detail != "" {
		p["detail"] = detail
	}
	if len(errors) > 0 {
		p["errors"] = errors
	}
	return p
}

func fault(location, message string) map[string]any {
	return map[string]any{"location": location, "message": message}
}

// invalid is the Problem of a request whose faults are listed.
func invalid(status int, code string, faults ...any) map[string]any {
	return problem(status, code, "validation failed", faults...)
}

const ourFault = "this is our fault; the request_id finds it in our logs"

func TestEveryErrorIsAProblem(t *testing.T) {
	s := newSurface(t, nil)
	const form = "application/x-www-form-urlencoded"
	for name, test := range map[string]struct {
		method, path, body, contentType string
		want                            map[string]any
	}{
		"no such route":  {method: "GET", path: "/nope", want: problem(404, "not_found", "")},
		"no such method": {method: "GET", path: "/items/1", want: problem(405, "method_not_allowed", "")},
		"no body":        {body: "", want: problem(400, "bad_request", "request body is required")},
		"too large":      {body: strings.Repeat(" ", 300), want: problem(413, "request_entity_too_large", "")},
		"a domain's":     {body: `{"name":"taken"}`, want: problem(409, "name_taken", "another one has that name")},
		"of huma":        {body: `{"name":"gone"}`, want: problem(410, "gone", "it was here")},
		"unexpected":     {body: `{"name":"broken"}`, want: problem(500, "internal_server_error", ourFault)},
		"500 of huma":    {body: `{"name":"huma"}`, want: problem(500, "internal_server_error", ourFault)},
		"panic":          {body: `{"name":"panic"}`, want: problem(500, "internal_server_error", ourFault)},
		"of a database":  {body: `{"name":"late"}`, want: problem(504, "gateway_timeout", ourFault)},
		"form": {
			body: "name=x", contentType: form,
			want: invalid(415, "unsupported_media_type", fault("body", "unknown content type: "+form)),
		},
		"no JSON": {
			body: "{",
			want: invalid(400, "bad_request", fault("body", "unexpected end of JSON input")),
		},
		"two values": {
			body: `{"name":"a"}{}`,
			want: invalid(400, "bad_request", fault("body", "invalid character '{' after top-level value")),
		},
		"unknown field": {
			body: `{"name":"a","nmae":"b"}`,
			want: invalid(422, "unprocessable_entity", fault("body.nmae", "unexpected property")),
		},
		"wrong type": {
			body: `{"name":7}`,
			want: invalid(422, "unprocessable_entity", fault("body.name", "expected string")),
		},
		"several faults": {
			path: "/items/123456789", body: `{}`,
			want: invalid(422, "unprocessable_entity",
				fault("path.id", "expected length <= 8"), fault("body", "expected required property name to be present")),
		},
	} {
		t.Run(name, func(t *testing.T) {
			method, path := cmp.Or(test.method, "PUT"), cmp.Or(test.path, "/items/1")
			contentType := cmp.Or(test.contentType, "application/json")
			w := s.do(method, path, strings.NewReader(test.body), "Content-Type", contentType)
			if diff := gocmp.Diff(test.want, decode(t, w.Body.String())); diff != "" {
				t.Error(diff)
			}
			if w.Code != int(test.want["status"].(float64)) {
				t.Errorf("status is %d, want %v", w.Code, test.want["status"])
			}
			if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("Content-Type is %s", got)
			}
		})
	}
}

func TestAProblemThatIsSharedIsNotChanged(t *testing.T) {
	newSurface(t, nil).put(`{"name":"taken"}`)
	if errTaken.RequestID != "" {
		t.Errorf("the request's id %s was written into a shared problem", errTaken.RequestID)
	}
}

func TestAWrongMethodIsToldTheRightOnes(t *testing.T) {
	if got := newSurface(t, nil).do("GET", "/items/1", nil).Header().Get("Allow"); got != "PUT" {
		t.Errorf("Allow is %q, want PUT", got)
	}
}

func TestABodyMayBeExactlyAsLargeAsTheLimit(t *testing.T) {
	s := newSurface(t, func(o *httpx.Options) { o.MaxBodyBytes = 64 })
	body := func(size int) string {
		frame := `{"name":""}`
		return strings.Replace(frame, `""`, `"`+strings.Repeat("x", size-len(frame))+`"`, 1)
	}
	for size, want := range map[int]int{64: 200, 65: 413, 640: 413} {
		if got := s.put(body(size)).Code; got != want {
			t.Errorf("%d bytes: status %d, want %d", size, got, want)
		}
		// A reader of unknown length is sent in chunks, without Content-Length.
		if got := s.do("PUT", "/items/1", io.MultiReader(strings.NewReader(body(size)))).Code; got != want {
			t.Errorf("%d bytes in chunks: status %d, want %d", size, got, want)
		}
	}
}

func TestABodyIsLimitedForEveryHandler(t *testing.T) {
	var read int
	s := newSurface(t, func(o *httpx.Options) { o.MaxBodyBytes = 64 }, func(mux *http.ServeMux) {
		mux.HandleFunc("POST /upload", func(_ http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			read = len(body)
		})
	})
	s.do("POST", "/upload", io.MultiReader(strings.NewReader(strings.Repeat("x", 1000))))
	if read > 65 {
		t.Errorf("a handler of its own could read %d bytes, want at most 65", read)
	}
}

func TestWhatWentWrongIsLoggedAndNotAnswered(t *testing.T) {
	for _, name := range []string{"broken", "huma", "panic"} {
		s := newSurface(t, nil)
		if body := s.put(`{"name":"` + name + `"}`).Body.String(); strings.Contains(body, inside) {
			t.Errorf("%s: the answer holds what is inside: %s", name, body)
		}
		line := decode(t, s.log.String())
		if text, _ := line["error"].(string); !strings.Contains(text, inside) || line["level"] != "ERROR" {
			t.Errorf("%s: the log does not say what happened: %v", name, line)
		}
		if strings.Contains(s.log.String(), sent) {
			t.Errorf("%s: the log holds what was sent: %v", name, line)
		}
		if stack, _ := line["stack"].(string); strings.Contains(stack, "httpx_test.register") != (name == "panic") {
			t.Errorf("%s: the stack is %q", name, stack)
		}
	}
}
