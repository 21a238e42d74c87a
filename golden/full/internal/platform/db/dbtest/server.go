package dbtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"sync"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/devenv"
)

// server is the Postgres in which test databases are made.
type server struct {
	admin *url.URL

	// own is the server if it is ours. It lives as long as it is referred to, at most until the process ends.
	own *devenv.Server

	mu        sync.Mutex
	templates map[string]string
}

// start returns the server. It is one for the whole process, which no test could start or hand on to the others.
var start = sync.OnceValues(func() (*server, error) {
	s := &server{templates: map[string]string{}}
	address := os.Getenv("TEST_DATABASE_URL")
	if address == "" {
		own, err := devenv.Postgres(context.Background(), "")
		if err != nil {
			return nil, err
		}
		s.own, address = own, own.URL
	}
	admin, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("parse TEST_DATABASE_URL: %w", err)
	}
	s.admin = admin
	return s, nil
})

// url returns the address of one database of the server.
func (s *server) url(database string) string {
	address := *s.admin
	address.Path = "/" + database
	return address.String()
}

// exec runs statements outside of any test database. Each call has its own connection: a pool would be one more thing to end.
func (s *server) exec(ctx context.Context, statements ...string) error {
	conn, err := pgx.Connect(ctx, s.admin.String())
	if err != nil {
		return fmt.Errorf("connect to the test server: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}
