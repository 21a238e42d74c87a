package redistest

import (
	"net"
	"os/exec"
	"testing"
	"time"

	"example.com/myapp/internal/platform/redis"
	"example.com/myapp/internal/platform/secret"
)

// Server is a redis-server of the test's own, which can be killed and started again, with all that it was told.
type Server struct {
	t             testing.TB
	program, addr string
	dir           string
	running       *exec.Cmd
}

// Start starts one, or skips the test where none is installed.
func Start(t testing.TB) *Server {
	t.Helper()
	program, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("not tried: no redis-server is installed")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") // for a port that is free
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, program: program, addr: listener.Addr().String(), dir: t.TempDir()}
	listener.Close()
	s.Run()
	t.Cleanup(s.Kill)
	return s
}

// URL is its address, as long as it lives and afterwards.
func (s *Server) URL() string { return "redis://" + s.addr }

// Run starts it, and waits until it answers.
func (s *Server) Run() {
	s.t.Helper()
	_, port, _ := net.SplitHostPort(s.addr)
	s.running = exec.Command(s.program, "--bind", "127.0.0.1", "--port", port, "--dir", s.dir,
		"--save", "", "--appendonly", "yes", "--appendfsync", "always")
	if err := s.running.Start(); err != nil {
		s.t.Fatal(err)
	}
	client, err := redis.Open(redis.Options{URL: secret.New(s.URL())})
	if err != nil {
		s.t.Fatal(err)
	}
	defer client.Close()
	for range 1000 {
		if err = redis.Ping(client)(s.t.Context()); err == nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	s.t.Fatal(err)
}

// Kill ends it at once, as a crash does.
func (s *Server) Kill() {
	if s.running == nil {
		return
	}
	_ = s.running.Process.Kill()
	_ = s.running.Wait() // it was killed
	s.running = nil
}
