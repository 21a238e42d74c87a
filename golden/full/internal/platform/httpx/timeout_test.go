package httpx_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/httpx"
)

func TestEveryLimitOfTheServerIsSetAndLetsTheBudgetEndFirst(t *testing.T) {
	options := testOptions(&buffer{})
	s := httpx.Server(http.NotFoundHandler(), options)
	for name, limit := range map[string]time.Duration{"ReadTimeout": s.ReadTimeout, "WriteTimeout": s.WriteTimeout} {
		if limit <= options.RequestTimeout {
			t.Errorf("%s is %v, want more than the budget of %v", name, limit, options.RequestTimeout)
		}
	}
	if s.ReadHeaderTimeout <= 0 || s.IdleTimeout <= time.Minute || s.MaxHeaderBytes <= 0 || s.ErrorLog == nil {
		t.Errorf("a limit is missing: %+v", s)
	}
}

func TestARequestThatIsOutOfTimeIs504(t *testing.T) {
	s := newSurface(t, func(o *httpx.Options) { o.RequestTimeout = time.Millisecond }, func(mux *http.ServeMux) {
		mux.HandleFunc("GET /silent", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	})
	for name, w := range map[string]*httptest.ResponseRecorder{
		"an operation that returns its error": s.put(`{"name":"slow"}`),
		"a handler that answers nothing":      s.do("GET", "/silent", nil),
	} {
		if diff := cmp.Diff(problem(504, "gateway_timeout", ourFault), decode(t, w.Body.String())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// serve runs the surface on a real socket and returns a connection to it.
func serve(t *testing.T, s surface, change func(*http.Server)) net.Conn {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.Config = httpx.Server(s, testOptions(s.log))
	change(server.Config)
	server.Start()
	t.Cleanup(server.Close)
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func TestAClientThatNeverEndsItsHeadersIsCutOff(t *testing.T) {
	conn := serve(t, newSurface(t, nil), func(s *http.Server) { s.ReadHeaderTimeout = 10 * time.Millisecond })
	fmt.Fprint(conn, "GET /items/1 HTTP/1.1\r\nHost: x\r\nX-Slow: ")
	if n, err := conn.Read(make([]byte, 1)); err == nil {
		t.Errorf("read %d bytes, want the end of the connection", n)
	}
}

func TestTheBudgetEndsARequestWithABodyBeforeAnyOtherLimit(t *testing.T) {
	s := newSurface(t, func(o *httpx.Options) { o.RequestTimeout = 30 * time.Millisecond })
	conn := serve(t, s, func(*http.Server) {})
	body := `{"name":"slow"}`
	fmt.Fprintf(conn, "PUT /items/1 HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusGatewayTimeout {
		t.Errorf("status is %s, want 504", response.Status)
	}
}

func TestAClientThatNeverEndsItsBodyIsAnsweredWith408(t *testing.T) {
	s := newSurface(t, func(o *httpx.Options) { o.RequestTimeout = 10 * time.Millisecond })
	conn := serve(t, s, func(*http.Server) {})
	fmt.Fprint(conn, "PUT /items/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusRequestTimeout {
		t.Errorf("status is %s, want 408", response.Status)
	}
}

func TestAClientThatDoesNotWaitIsNoFaultOfOurs(t *testing.T) {
	s := newSurface(t, nil)
	ctx, leave := context.WithCancel(t.Context())
	leave()
	r := httptest.NewRequestWithContext(ctx, "PUT", "/items/1", strings.NewReader(`{"name":"slow"}`))
	s.ServeHTTP(httptest.NewRecorder(), r)
	if line := decode(t, s.log.String()); line["status"] != 499.0 || line["level"] != "INFO" {
		t.Errorf("the log is %v, want status 499 at level INFO", line)
	}
}
