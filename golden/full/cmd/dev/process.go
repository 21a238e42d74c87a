package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
)

// execute runs a program to its end.
func execute(ctx context.Context, env environment, program string, args ...string) error {
	if err := command(ctx, env, program, args...).Run(); err != nil {
		return fmt.Errorf("%s %s: %w", program, strings.Join(args, " "), err)
	}
	return nil
}

// supervise runs a program to its end, passes every signal on to it, and returns its exit code.
func supervise(ctx context.Context, env environment, program string, args ...string) (code int, err error) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	if ctx.Err() != nil {
		return 1, errors.New("interrupted")
	}

	// In a process group of its own: the terminal sends Ctrl-C to all of ours, and with the one that we pass on the app
	// would have two, the second of which ends it at once.
	cmd := command(context.WithoutCancel(ctx), env, program, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return 1, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case s := <-signals:
			_ = cmd.Process.Signal(s) // it may have ended just now
		case err := <-ended:
			if failed, ok := errors.AsType[*exec.ExitError](err); ok {
				return exitCode(failed), nil
			}
			return 0, err
		}
	}
}

// exitCode is that of a shell: 128 and the signal, for a program that a signal ended.
func exitCode(err *exec.ExitError) int {
	if status, ok := err.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return err.ExitCode()
}

func command(ctx context.Context, env environment, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = env.list()
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd
}
