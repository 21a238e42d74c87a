// Package hub is a GitHub on the loopback, for tests: a real git server (git
// http-backend) beside an API. The API is one of ours, with the state that a
// push changes, or another program to which calls are handed on. Its rules can
// be bent: by Bend for one answer, by Seen for what happens around a call.
package hub

import (
	"bytes"
	"io"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Hub is the server.
type Hub struct {
	URL   string
	Token string
	// Bend answers a call instead of the API; false leaves it to the API.
	Bend func(w http.ResponseWriter, r *http.Request) bool
	// Seen is called when an answer is complete and nothing of it is sent yet.
	Seen func(n int, r *http.Request)
	// API answers what is not git.
	API http.Handler

	contract contract
	t        testing.TB
	dir      string
	mu       sync.Mutex
	calls    []string
}

// New starts a hub with an API of our own, whose user is ada, an administrator
// of acme.
func New(t testing.TB, token string) *Hub {
	t.Helper()
	h := &Hub{Token: token, t: t, dir: t.TempDir(), contract: newContract(t)}
	h.API = newAPI(h)
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	h.URL = s.URL
	return h
}

// Env are the variables that lead a program here.
func (h *Hub) Env() []string {
	return []string{"GITHUB_API_URL=" + h.URL + "/api", "GITHUB_SERVER_URL=" + h.URL, "GH_TOKEN=" + h.Token}
}

// Bare is the folder of a repository.
func (h *Hub) Bare(name string) string { return filepath.Join(h.dir, name+".git") }

// Make makes an empty repository of git.
func (h *Hub) Make(name string) {
	for _, args := range [][]string{{"init", "-q", "--bare", "-b", "main", h.Bare(name)}, {"-C", h.Bare(name), "config", "http.receivepack", "true"}} {
		if out, err := exec.Command("git", args...).CombinedOutput(); err != nil {
			h.t.Errorf("git %v: %v %s", args, err, out)
		}
	}
}

// Calls lists what was asked: method and path.
func (h *Hub) Calls() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.calls...)
}

func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.calls = append(h.calls, r.Method+" "+r.URL.Path)
	n := len(h.calls)
	h.mu.Unlock()
	rec := httptest.NewRecorder()
	rec.Body.Grow(1 << 10)
	if h.Bend == nil || !h.Bend(rec, r) {
		if strings.Contains(r.URL.Path, ".git/") {
			h.git(rec, r)
		} else {
			r.URL.Path = strings.TrimPrefix(r.URL.Path, "/api")
			r.RequestURI = ""
			h.call(rec, r)
		}
	}
	if h.Seen != nil {
		h.Seen(n, r)
	}
	for k, v := range rec.Header() {
		w.Header()[k] = v
	}
	w.WriteHeader(rec.Code)
	_, _ = w.Write(rec.Body.Bytes())
}

// call answers a call of the API, and holds both sides of it against GitHub's
// description; the answers of another program are its own.
func (h *Hub) call(rec *httptest.ResponseRecorder, r *http.Request) {
	path := r.URL.Path
	sent, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(sent))
	h.API.ServeHTTP(rec, r)
	if _, ours := h.API.(*api); err == nil && ours {
		err = h.contract.check(r, path, sent, rec)
	}
	if err != nil {
		h.t.Errorf("%s %s: %v", r.Method, path, err)
	}
}

// git serves the smart protocol; without the token it asks for one.
func (h *Hub) git(w http.ResponseWriter, r *http.Request) {
	if _, password, ok := r.BasicAuth(); !ok || password != h.Token {
		w.Header().Set("WWW-Authenticate", `Basic realm="GitHub"`)
		http.Error(w, "who are you", http.StatusUnauthorized)
		return
	}
	(&cgi.Handler{Path: backend(), Env: []string{"GIT_PROJECT_ROOT=" + h.dir, "GIT_HTTP_EXPORT_ALL=1", "REMOTE_USER=ada"},
		InheritEnv: []string{"PATH"}, Stderr: os.Stderr}).ServeHTTP(w, r)
}

// backend is the program of git that serves it.
func backend() string {
	out, err := exec.Command("git", "--exec-path").Output()
	if err != nil {
		return "git-http-backend"
	}
	return filepath.Join(strings.TrimSpace(string(out)), "git-http-backend")
}
