package devenv

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// ErrNoPgBouncer is the error of a machine that has no PgBouncer. Unlike Postgres, it can be done without.
var ErrNoPgBouncer = errors.New("no PgBouncer found; install it (apt install pgbouncer, brew install pgbouncer)")

// poolerConns is how many connections PgBouncer holds to one database: few, so that clients take turns on each.
const poolerConns = 2

// PgBouncer starts a PgBouncer in transaction mode before the Postgres at address, and leads to all of its databases. Whoever
// connects is given the login of the address.
func PgBouncer(ctx context.Context, address string) (*Server, error) {
	program, ok := find([]string{"/usr/sbin", "/opt/homebrew/bin", "/usr/local/bin"}, "pgbouncer")
	if !ok {
		return nil, ErrNoPgBouncer
	}
	var err error
	for range 3 {
		var server *Server
		server, err = startPgBouncer(ctx, program, address)
		// Its port may have been taken since it was found free.
		if !errors.Is(err, errEnded) {
			return server, err
		}
	}
	return nil, err
}

func startPgBouncer(ctx context.Context, program, address string) (*Server, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	through, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("parse the address of Postgres: %w", err)
	}
	in, err := openFolder("pgbouncer", "")
	if err != nil {
		return nil, fmt.Errorf("open folder for PgBouncer: %w", err)
	}
	port, err := freePort()
	if err != nil {
		return nil, errors.Join(err, in.close())
	}
	file := filepath.Join(in.path, "pgbouncer.ini")
	if err := os.WriteFile(file, []byte(poolerConfig(through, port)), 0o644); err != nil {
		return nil, errors.Join(err, in.close())
	}
	p, err := start(in, "INT", program, file)
	if err != nil {
		return nil, errors.Join(err, in.close())
	}
	through.Host = "127.0.0.1:" + strconv.Itoa(port)
	if err := p.await(ctx, func(ctx context.Context) error { return ping(ctx, through.String()) }); err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", program, err), p.stop())
	}
	return &Server{URL: through.String(), Name: program, Dir: in.path, stop: p.stop}, nil
}

// poolerConfig is the file of a PgBouncer that leads to the Postgres of u.
func poolerConfig(u *url.URL, port int) string {
	to := u.Port()
	if to == "" {
		to = "5432"
	}
	login := " user=" + quote(u.User.Username())
	if password, ok := u.User.Password(); ok {
		login += " password=" + quote(password)
	}
	return "[databases]\n* = host=" + u.Hostname() + " port=" + to + login + "\n" +
		"[pgbouncer]\n" +
		"listen_addr = 127.0.0.1\nlisten_port = " + strconv.Itoa(port) + "\nunix_socket_dir =\n" +
		"auth_type = any\npool_mode = transaction\nmax_client_conn = 200\n" +
		"default_pool_size = " + strconv.Itoa(poolerConns) + "\n"
}

func quote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

func ping(ctx context.Context, address string) error {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return err
	}
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, "select 1")
	return err
}
