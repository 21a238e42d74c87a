package httpx_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/httpx"
)

func TestRequestsAboveTheLimitAreTurnedAwayAndHealthIsNot(t *testing.T) {
	const limit = 3
	entered, release := make(chan bool), make(chan bool)
	s := newSurface(t, func(o *httpx.Options) { o.MaxInFlight = limit }, func(mux *http.ServeMux) {
		mux.HandleFunc("GET /wait", func(http.ResponseWriter, *http.Request) {
			entered <- true
			<-release
		})
		mux.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	})
	statuses := make(chan int)
	for range limit {
		go func() { statuses <- s.do("GET", "/wait", nil).Code }()
		<-entered
	}

	w := s.do("GET", "/wait", nil)
	if diff := cmp.Diff(problem(503, "overloaded", "more requests are being served than this process can; try again"),
		decode(t, w.Body.String())); diff != "" {
		t.Error(diff)
	}
	if got := w.Header().Get("Retry-After"); got != "1" {
		t.Errorf("Retry-After is %q, want 1", got)
	}
	if got := s.do("GET", "/readyz", nil).Code; got != http.StatusOK {
		t.Errorf("/readyz is %d while the process is full", got)
	}

	close(release)
	for range limit {
		if got := <-statuses; got != http.StatusOK {
			t.Errorf("a request that was admitted got %d", got)
		}
	}
	if got := s.put(`{"name":"x"}`).Code; got != http.StatusOK {
		t.Errorf("status is %d after the others have left", got)
	}
}

// panics are the ways of a handler to end early.
func panics(mux *http.ServeMux) {
	mux.HandleFunc("GET /half", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half of an ans")
		_ = http.NewResponseController(w).Flush()
		panic(inside)
	})
	mux.HandleFunc("GET /abort", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
}

func TestAPanicAfterTheAnswerBeganCutsTheConnection(t *testing.T) {
	s := newSurface(t, nil, panics)
	server := httptest.NewServer(s)
	response, err := server.Client().Get(server.URL + "/half")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err == nil {
		t.Errorf("the client takes %q for the whole answer", body)
	}
	server.Close() // waits for the handler, and with it for the log
	if log := s.log.String(); strings.Count(log, "\n") != 1 || !strings.Contains(log, "panic: "+inside) {
		t.Errorf("the log is %s", log)
	}
}

func TestAnAbortedHandlerCutsTheConnectionWithoutAStack(t *testing.T) {
	s := newSurface(t, nil, panics)
	server := httptest.NewServer(s)
	if response, err := server.Client().Get(server.URL + "/abort"); err == nil {
		response.Body.Close()
		t.Errorf("the client got %s", response.Status)
	}
	server.Close()
	line := decode(t, s.log.String())
	if line["error"] != http.ErrAbortHandler.Error() || line["stack"] != nil {
		t.Errorf("the log is %v", line)
	}
}
