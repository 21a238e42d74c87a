package app

import (
	"context"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"

	"example.com/myapp/internal/devenv"
)

// soakLine is an address behind which a server is ended and another one started.
type soakLine struct {
	t        *testing.T
	listener net.Listener

	mu     sync.Mutex
	server *devenv.Server
}

// newLine returns a line to the server, which is ended with the test.
func newLine(t *testing.T, server *devenv.Server, err error) *soakLine {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	l := &soakLine{t: t, server: server}
	t.Cleanup(l.hangUp)
	l.listener, err = new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.listener.Close() })
	go func() {
		for {
			conn, err := l.listener.Accept()
			if err != nil {
				return
			}
			go l.carry(conn)
		}
	}()
	return l
}

// url is the address of the server, by the line.
func (l *soakLine) url() string {
	address := l.target()
	address.Host = l.listener.Addr().String()
	return address.String()
}

func (l *soakLine) target() *url.URL {
	l.mu.Lock()
	defer l.mu.Unlock()
	address, err := url.Parse(l.server.URL)
	if err != nil {
		l.t.Fatal(err)
	}
	return address
}

// hangUp ends the server, and with it all connections.
func (l *soakLine) hangUp() {
	if err := l.server.Stop(); err != nil {
		l.t.Error(err)
	}
}

// connect makes the next server the one behind the line.
func (l *soakLine) connect(server *devenv.Server, err error) {
	if err != nil {
		l.t.Fatal(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.server = server
}

// carry copies both ways until one side hangs up.
func (l *soakLine) carry(conn net.Conn) {
	defer conn.Close()
	server, err := new(net.Dialer).DialContext(context.Background(), "tcp", l.target().Host)
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
