package forge

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// git is one call of git.
type git struct {
	dir   string
	args  []string // the subcommand first
	stdin []byte
	env   []string // beside the usual
	set   []string // configuration, key=value
}

// run starts git and hands back what it printed. Nothing is asked at the
// terminal. When ctx ends git is told to stop, and removes its locks; it is
// killed if it has not stopped two seconds later.
func (g git) run(ctx context.Context) ([]byte, error) {
	args := []string{"-c", "core.quotePath=false"}
	for _, s := range g.set {
		args = append(args, "-c", s)
	}
	cmd := exec.CommandContext(ctx, "git", append(args, g.args...)...)
	cmd.Dir = g.dir
	cmd.Env = append(environ(os.Environ()), g.env...)
	cmd.Cancel = func() error { return stop(cmd.Process) }
	cmd.WaitDelay = 2 * time.Second
	cmd.SysProcAttr = together()
	if g.stdin != nil {
		cmd.Stdin = bytes.NewReader(g.stdin)
	}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	runtime.LockOSThread()
	err := cmd.Run()
	runtime.UnlockOSThread()
	switch {
	case err == nil, errors.Is(err, exec.ErrWaitDelay) && ctx.Err() == nil:
		// Git itself is done; what a hook left running holds the pipe.
		return out.Bytes(), nil
	case errors.Is(err, exec.ErrNotFound):
		return nil, ErrNoGit
	case ctx.Err() != nil:
		return nil, &Error{g.args[0], "stopped", ctx.Err()}
	}
	return out.Bytes(), failure(g.args[0], errs.String(), err)
}

// fields splits what git printed with -z.
func fields(out []byte) []string {
	s := strings.TrimSuffix(string(out), "\x00")
	if s == "" {
		return nil
	}
	return strings.Split(s, "\x00")
}

// exitCode is what git ended with, or -1.
func exitCode(err error) int {
	var git *Error
	var exit *exec.ExitError
	if errors.As(err, &git) && errors.As(git.Err, &exit) {
		return exit.ExitCode()
	}
	return -1
}
