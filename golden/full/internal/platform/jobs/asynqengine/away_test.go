package asynqengine_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"example.com/myapp/internal/platform/redis"
	"example.com/myapp/internal/platform/redis/redistest"
	"example.com/myapp/internal/platform/secret"
)

func TestWhileRedisIsAwayJobsWaitInPostgres(t *testing.T) {
	line := newLine(t, redistest.URL(t, 4).Reveal())
	s := newStation(t, nil)
	s.handle(note)
	client, err := redis.Open(redis.Options{URL: secret.New(line.url)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	s.use(client)

	line.up.Store(false)
	s.start(t)
	s.enqueue(t, 1, 2, 3)
	if err := s.engine.Push(t.Context(), s.task(t)); err == nil {
		t.Error("a push succeeded while Redis is away")
	}
	line.up.Store(true)
	s.await(t, 3)
	if left, effects, _ := s.count(t); left != 0 || effects != 3 {
		t.Errorf("%d jobs left, %d effects", left, effects)
	}
}

func TestStopEndsInTimeWhileRedisIsAway(t *testing.T) {
	line := newLine(t, redistest.URL(t, 4).Reveal())
	line.up.Store(false)
	s := newStation(t, nil)
	client, err := redis.Open(redis.Options{URL: secret.New(line.url)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	s.use(client)
	if err := s.worker.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.stop(t, 15*time.Second)
}

// line is a connection to a server that can be cut.
type line struct {
	url string
	up  atomic.Bool
}

func newLine(t *testing.T, server string) *line {
	t.Helper()
	parsed, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	l := &line{}
	l.up.Store(true)
	target := parsed.Host
	go l.serve(listener, target)
	parsed.Host = listener.Addr().String()
	l.url = parsed.String()
	return l
}

func (l *line) serve(listener net.Listener, target string) {
	for {
		conn, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			go l.carry(conn, target)
		}
	}
}

// carry copies both ways. While the line is cut it hangs up.
func (l *line) carry(conn net.Conn, target string) {
	defer conn.Close()
	if !l.up.Load() {
		return
	}
	server, err := new(net.Dialer).DialContext(context.Background(), "tcp", target)
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		_, _ = io.Copy(server, conn)
		_ = server.Close()
	}()
	_, _ = io.Copy(conn, server)
}
