// Command dev is `make dev`: it builds the app, starts the servers that it needs, and runs it until Ctrl-C.
//
// A server whose address stands in the environment, or in the file .env, is used and not started. What is started listens on
// 127.0.0.1 only, keeps its data in .dev until the next time, and ends with this process. The exit code is that of the app.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"example.com/myapp/internal/devenv"
	"example.com/myapp/internal/platform/config"
)

const binary = "bin/myapp"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	code, err := run(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "dev:", err)
	}
	os.Exit(code)
}

// run returns the exit code of the app, or 1 and why it did not come to that.
func run(ctx context.Context) (code int, err error) {
	env, err := readEnvironment(".env")
	if err != nil {
		return 1, err
	}
	if err := execute(ctx, env, "go", "build", "-o", binary, "./cmd/myapp"); err != nil {
		return 1, err
	}

	servers := &servers{folder: ".dev"}
	defer func() { err = errors.Join(err, servers.stop()) }()

	if err := servers.provide(ctx, env, need{"postgres", "DATABASE_URL", devenv.Postgres}); err != nil {
		return 1, err
	}

	if err := provideKey(env, servers.folder); err != nil {
		return 1, err
	}

	if err := execute(ctx, env, binary, "migrate"); err != nil {
		return 1, err
	}

	cfg, err := config.Load(env.list())
	if err != nil {
		return 1, err
	}
	if err := errors.Join(free(ctx, cfg.HTTPAddr, "HTTP_ADDR"), free(ctx, cfg.AdminAddr, "ADMIN_ADDR")); err != nil {
		return 1, err
	}
	say("api", "http://"+cfg.HTTPAddr+"/openapi.json")
	say("admin", "http://"+cfg.AdminAddr+"/readyz")
	if folder, isFolder := strings.CutPrefix(cfg.MailURL.Reveal(), "file:"); isFolder {
		say("mail", folder)
	}
	return supervise(ctx, env, binary, "all")
}

// say prints where something is.
func say(what, where string) {
	fmt.Printf("%-10s%s\n", what, where)
}

// free says if somebody listens on addr. The app would say so too, in the words of the system and without the cure.
func free(ctx context.Context, addr, variable string) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is in use; end what listens there or set %s", addr, variable)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", variable, err)
	}
	return listener.Close()
}
