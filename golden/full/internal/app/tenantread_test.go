package app

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/myapp/internal/domains/workspaces"
	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/logging"
	"example.com/myapp/internal/platform/token"
)

// tenantReads are two servers of one read, GET /v1/workspace, from one database.
type tenantReads struct {
	t   testing.TB
	cfg config.Config

	// pool is that of the bare server, and of the owner of the tables.
	pool *pgxpool.Pool
}

func newTenantReads(t testing.TB) *tenantReads {
	t.Helper()
	cfg, err := config.Load(append(available(t), "RATE_LIMIT=10000")) // which counts all and refuses none
	if err != nil {
		t.Fatal(err)
	}
	options, err := pgxpool.ParseConfig(cfg.DatabaseURL.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	options.MaxConns = int32(cfg.DatabaseMaxConns)
	pool, err := pgxpool.NewWithConfig(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	// Without this no row is seen by the owner; for the roles of the application nothing changes.
	if _, err := pool.Exec(t.Context(), "alter table workspaces.workspaces no force row level security"); err != nil {
		t.Fatal(err)
	}
	return &tenantReads{t: t, cfg: cfg, pool: pool}
}

// whole serves the application, and writes its log to where nobody reads it. It returns where it listens.
func (s *tenantReads) whole() string {
	s.t.Helper()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	urls := make(addresses)
	log := slog.New(quietLog{logging.New(null, logging.Options{}).Handler(), urls})
	a, err := open(s.t.Context(), s.cfg, log, role{api: true})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := a.close(s.t.Context()); err != nil {
			s.t.Error(err)
		}
		null.Close()
	})
	return strings.TrimPrefix(urls["api"], "http://")
}

// bare serves what the application answers by nothing but the query, to everybody.
func (s *tenantReads) bare() string {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/workspace", func(w http.ResponseWriter, r *http.Request) {
		var found workspaces.Workspace
		if err := found.ID.UnmarshalText([]byte(r.Header.Get("X-Workspace"))); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		const query = `select name, version, created_at from workspaces.workspaces where tenant_id = $1 and deleted_at is null`
		if err := s.pool.QueryRow(r.Context(), query, found.ID).Scan(&found.Name, &found.Version, &found.CreatedAt); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		found.CreatedAt = found.CreatedAt.UTC()
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(found)
	})
	server := httptest.NewServer(mux)
	s.t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// reader makes a user who is signed in and has a workspace of his own, and returns the request by which he reads it.
func (s *tenantReads) reader(whole string) []byte {
	s.t.Helper()
	const signIn = `
		with u as (insert into identity.users (id, email) values ($1, $2) returning id)
		insert into identity.sessions (id, user_id, token_hash, user_agent, expires_at) select id, id, $3, '', now() + interval '1 hour' from u`
	session, hash := token.Kind("session").New()
	user := id.New()
	if _, err := s.pool.Exec(s.t.Context(), signIn, user, user.String()+"@example.com", hash); err != nil {
		s.t.Fatal(err)
	}
	head := "Host: localhost\r\nCookie: session=" + session.Reveal() + "\r\n"
	const body = `{"name": "Acme"}`
	var made workspaces.Workspace
	create := fmt.Sprintf("POST /v1/workspaces HTTP/1.1\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", head, len(body), body)
	answer, err := dialReads(s.t, whole).send([]byte(create), http.StatusCreated)
	if err == nil {
		err = json.Unmarshal(answer, &made)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return []byte("GET /v1/workspace HTTP/1.1\r\n" + head + "X-Workspace: " + made.ID.String() + "\r\n\r\n")
}

// readConn is a client that keeps its connection. It does as little as it can: what it does is measured, too.
type readConn struct {
	net.Conn

	answers *bufio.Reader
}

func dialReads(t testing.TB, at string) readConn {
	t.Helper()
	conn, err := net.Dial("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return readConn{conn, bufio.NewReader(conn)}
}

// send sends a request and returns the body of its answer.
func (c readConn) send(request []byte, status int) ([]byte, error) {
	if _, err := c.Write(request); err != nil {
		return nil, err
	}
	line, err := c.answers.ReadString('\n')
	if err != nil {
		return nil, err
	}
	first, length := strings.TrimSpace(line), 0
	for strings.TrimSpace(line) != "" {
		if line, err = c.answers.ReadString('\n'); err != nil {
			return nil, err
		}
		if n, found := strings.CutPrefix(line, "Content-Length: "); found {
			if length, err = strconv.Atoi(strings.TrimSpace(n)); err != nil {
				return nil, err
			}
		}
	}
	body := make([]byte, length)
	_, err = io.ReadFull(c.answers, body)
	if err == nil && !strings.HasPrefix(first, fmt.Sprintf("HTTP/1.1 %d ", status)) {
		err = fmt.Errorf("%s: %s", first, body)
	}
	return body, err
}

// quietLog is a log that nobody reads, and from which the address is taken where the application listens.
type quietLog struct {
	slog.Handler
	urls addresses
}

func (q quietLog) Handle(ctx context.Context, r slog.Record) error {
	if r.Message != "request" {
		_ = q.urls.Handle(ctx, r)
	}
	return q.Handler.Handle(ctx, r)
}
