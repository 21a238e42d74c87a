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
	os.Exit(app.Main(untilSignal(), app.Process{
		Args:    os.Args[1:],
		Environ: os.Environ(),
		Stdout:  os.Stdout,
		Stderr:  os.Stderr,
	}))
}

// untilSignal returns a context that the first signal ends. The second one ends the process at once.
func untilSignal() context.Context {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-signals
		cancel()
		<-signals
		os.Exit(1)
	}()
	return ctx
}
