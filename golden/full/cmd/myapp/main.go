// Command myapp is the whole program: each role of it is a command. See internal/app.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"example.com/myapp/internal/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)

	// After the first signal nobody listens for more: the second one ends the process at once.
	context.AfterFunc(ctx, stop)

	os.Exit(app.Main(ctx, app.Process{
		Args:    os.Args[1:],
		Environ: os.Environ(),
		Stdout:  os.Stdout,
		Stderr:  os.Stderr,
	}))
}
