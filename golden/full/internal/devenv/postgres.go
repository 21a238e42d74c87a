package devenv

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/jackc/pgx/v5"
)

// postgresFolders is where packages put Postgres that do not put it on PATH.
func postgresFolders() []string {
	return []string{
		"/usr/lib/postgresql/*/bin",          // Debian, Ubuntu
		"/usr/pgsql-*/bin",                   // the Postgres project's own packages for Red Hat and its kin
		"/opt/homebrew/opt/postgresql@*/bin", // Homebrew
		"/usr/local/opt/postgresql@*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
	}
}

// Postgres starts a Postgres whose data is in dir, and is kept there; with an empty dir it is a temporary one, which does not
// care for crashes. The login in the URL owns the database, may make databases and roles, and is no superuser: what works
// with it works with what a hosting company gives. Everybody on this machine may connect.
func Postgres(ctx context.Context, dir string) (*Server, error) {
	initdb, err := findPostgres(postgresFolders(), embedded)
	if err != nil {
		return nil, err
	}
	for range 3 {
		var server *Server
		server, err = startPostgres(ctx, initdb, dir)
		// Its port may have been taken since it was found free.
		if !errors.Is(err, errEnded) {
			return server, err
		}
	}
	return nil, err
}

// findPostgres returns the path of initdb, beside which the server is.
func findPostgres(folders []string, embedded func() (string, error)) (string, error) {
	if initdb, ok := find(folders, "initdb"); ok {
		// Debian and others put links on PATH, and not one for the server.
		return filepath.EvalSymlinks(initdb)
	}
	initdb, err := embedded()
	if err != nil {
		return "", fmt.Errorf("no Postgres found; install it (apt install postgresql, brew install postgresql@17) or set %s: %w",
			"DATABASE_URL, for tests TEST_DATABASE_URL", err)
	}
	return initdb, nil
}

// initialise makes the data in $1, by the program $2, if it is not there, and runs the rest. The data gets its name when it is
// whole, so that a start that was cut off is not taken for one.
const initialise = `
[ -d "$1" ] || {
	rm -rf "$1.new" &&
	"$2" -D "$1.new" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$1.log" 2>&1 &&
	mv "$1.new" "$1"
} || { cat "$1.log"; exit 1; }
shift 2
exec "$@"
`

func startPostgres(ctx context.Context, initdb, dir string) (*Server, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	in, err := openFolder("postgres", dir)
	if err != nil {
		return nil, fmt.Errorf("open folder for Postgres: %w", err)
	}
	port, err := freePort()
	if err != nil {
		return nil, errors.Join(err, in.close())
	}
	signal := "INT" // everything on disk
	if in.temporary {
		signal = "QUIT" // at once
	}
	data := filepath.Join(in.path, "data")
	program := filepath.Join(filepath.Dir(initdb), "postgres")
	args := append([]string{"-c", initialise, "sh", data, initdb, program}, postgresArgs(in, data, port)...)
	p, err := start(in, signal, "/bin/sh", args...)
	if err != nil {
		return nil, errors.Join(err, in.close())
	}
	address := "@127.0.0.1:" + strconv.Itoa(port) + "/postgres?sslmode=disable"
	err = p.await(ctx, func(ctx context.Context) error { return makeLogin(ctx, "postgres://postgres"+address, data) })
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", program, err), p.stop())
	}
	return &Server{URL: "postgres://" + app + address, Name: program, Dir: in.path, stop: p.stop}, nil
}

func postgresArgs(in *folder, data string, port int) []string {
	args := []string{
		"-D", data,
		"-c", "port=" + strconv.Itoa(port),
		"-c", "listen_addresses=127.0.0.1",
		// The path of a socket may have 103 bytes, which the temporary folders of macOS come near.
		"-c", "unix_socket_directories=",
		"-c", "timezone=UTC",
		"-c", "log_timezone=UTC",
		"-c", "max_connections=200",
		"-c", "jit=off",
	}
	if in.temporary {
		// Nothing is read after a crash, and autovacuum is in the way of databases that are copied and dropped.
		args = append(args, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "autovacuum=off")
	}
	return args
}

// makeLogin makes the login of Server.URL, unless it is there. Before that it makes sure that it talks to the server of this
// folder, and not to one that was given the same port at the same moment.
func makeLogin(ctx context.Context, url, data string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var folder string
	var exists bool
	const look = "select current_setting('data_directory'), exists (select from pg_roles where rolname = $1)"
	if err := conn.QueryRow(ctx, look, app).Scan(&folder, &exists); err != nil {
		return err
	}
	if folder != data {
		return fmt.Errorf("port is taken by the Postgres of %s", folder)
	}
	if exists {
		return nil
	}
	role := pgx.Identifier{app}.Sanitize() // a name with a hyphen is none without quotes
	_, err = conn.Exec(ctx, "create role "+role+" login noinherit createdb createrole; alter database postgres owner to "+role)
	return err
}
