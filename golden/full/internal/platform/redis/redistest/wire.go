package redistest

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"

	"example.com/myapp/internal/platform/redis"
	"example.com/myapp/internal/platform/secret"
)

// Wire is the way to a Redis, which can be cut and mended.
type Wire struct {
	t      testing.TB
	to, at string // where Redis is, and where the wire begins
	url    *url.URL

	mu       sync.Mutex
	listener net.Listener
	conns    []net.Conn
}

// NewWire returns a way to the database that New would open, as it is.
func NewWire(t testing.TB, number int) *Wire {
	t.Helper()
	parsed, err := url.Parse(URL(t, number).Reveal())
	if err != nil {
		t.Fatal("the address of Redis is not a URL")
	}
	w := &Wire{t: t, to: parsed.Host, at: "127.0.0.1:0", url: parsed}
	w.Mend()
	t.Cleanup(w.Cut)
	return w
}

// URL is the address of the database by way of the wire.
func (w *Wire) URL() string { return w.address(w.at) }

// Open returns a client that goes by the wire.
func (w *Wire) Open() *redis.Client { return w.open(w.at) }

// Beside returns a client that goes to the same Redis, and not by the wire.
func (w *Wire) Beside() *redis.Client { return w.open(w.to) }

func (w *Wire) address(host string) string {
	at := *w.url
	at.Host = host
	return at.String()
}

func (w *Wire) open(host string) *redis.Client {
	w.t.Helper()
	client, err := redis.Open(redis.Options{URL: secret.New(w.address(host))})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = client.Close() })
	return client
}

// Mend opens the way, at the same address each time.
func (w *Wire) Mend() {
	w.t.Helper()
	listener, err := net.Listen("tcp", w.at)
	if err != nil {
		w.t.Fatal(err)
	}
	w.at, w.listener = listener.Addr().String(), listener
	go func() {
		for {
			from, err := listener.Accept()
			if err != nil {
				return
			}
			to, err := net.Dial("tcp", w.to)
			if err != nil {
				from.Close()
				continue
			}
			w.mu.Lock()
			w.conns = append(w.conns, from, to)
			w.mu.Unlock()
			go io.Copy(to, from)
			go io.Copy(from, to)
		}
	}()
}

// Cut ends all connections and lets nobody through.
func (w *Wire) Cut() {
	w.listener.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.conns {
		c.Close()
	}
	w.conns = nil
}
