package main

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"example.com/myapp/internal/platform/db/dbtest"
)

// runMain marks the process that is not the test but the program.
const runMain = "RUN_MAIN=1"

func TestMain(m *testing.M) {
	if os.Getenv("RUN_MAIN") != "" {
		main()
	}
	os.Exit(m.Run())
}

// start runs the program, serving, and returns it with the lines that it logs.
func start(t *testing.T, environ ...string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "serve")
	cmd.Env = append(environ, runMain, "HTTP_ADDR=127.0.0.1:0", "ADMIN_ADDR=127.0.0.1:0")
	cmd.Env = append(cmd.Env, "DATABASE_URL="+dbtest.Options(t).URL.Reveal())
	cmd.Env = append(cmd.Env, "CRYPTO_KEYS=dev:gJ2Vd0cSaXsU1y3qvT8mZr5nLw7bKe9hPf4oYtRxQ6A=")
	cmd.Env = append(cmd.Env, "REDIS_URL=redis://127.0.0.1:1/0")
	migrate := exec.CommandContext(t.Context(), program, "migrate")
	migrate.Env = cmd.Env
	if output, err := migrate.CombinedOutput(); err != nil {
		t.Fatalf("migrate: %v\n%s", err, output)
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(stderr)
}

// await reads lines until one holds text.
func await(t *testing.T, lines *bufio.Scanner, text string) {
	t.Helper()
	for lines.Scan() {
		if strings.Contains(lines.Text(), text) {
			return
		}
	}
	t.Fatalf("the process ended and never said %q", text)
}

// terminate sends the signal by which platforms end a process.
func terminate(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
}

func TestASignalStopsTheProcessInOrder(t *testing.T) {
	cmd, lines := start(t)
	await(t, lines, "server=api")
	terminate(t, cmd)
	await(t, lines, "msg=stopped")
	if err := cmd.Wait(); err != nil {
		t.Errorf("the process ended with %v, want exit code 0", err)
	}
}

func TestASecondSignalEndsTheProcessAtOnce(t *testing.T) {
	cmd, lines := start(t, "DRAIN_DELAY=1h")
	await(t, lines, "server=api")
	terminate(t, cmd)
	await(t, lines, "msg=stopping")
	terminate(t, cmd)
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("the process ended with %v, want exit code 1", err)
	}
}
