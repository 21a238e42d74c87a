//go:build unix

package devenv

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// guard runs the server as its child and waits for the end of its input, a pipe that only we can write to: it ends when we stop
// the server, and also when we crash or are killed. Then it ends all of its process group, which it shares with the server and
// nobody else, and removes the temporary folder. The server is sent two signals, because what runs may not be the server yet but
// what comes before it, which heeds SIGTERM alone.
//
// It holds a lock by descriptor 3, which tells others that the folder is in use. The server holds descriptor 4, whose closing
// tells us that it ended.
const guard = `
"$@" 3>&- </dev/null &
exec 4>&-
read -r line
trap '' TERM
kill -s TERM 0
kill -s "$STOP_SIGNAL" $!
wait $!
[ -z "$THROW_AWAY" ] || rm -rf "$THROW_AWAY"
`

// stopTimeout is how long a server may take to end before it is killed.
const stopTimeout = 20 * time.Second

// process is a server and its guard.
type process struct {
	guard *exec.Cmd
	hold  io.Closer
	ended *os.File
	in    *folder
}

// start runs a server in its folder, which signal will end. Its output goes to the log there.
func start(in *folder, signal, program string, args ...string) (*process, error) {
	defer in.lock.Close() // from here on the guard holds it
	log, err := os.OpenFile(in.log(), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	defer log.Close()
	ended, held, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer held.Close()

	cmd := exec.Command("/bin/sh", append([]string{"-c", guard, "sh", program}, args...)...)
	cmd.Dir = in.path
	// Nothing else of our environment: PGOPTIONS, PGPORT and their like are for clients, yet servers heed them.
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "STOP_SIGNAL=" + signal}
	if in.temporary {
		cmd.Env = append(cmd.Env, "THROW_AWAY="+in.path)
	}
	cmd.Stdout, cmd.Stderr = log, log
	cmd.ExtraFiles = []*os.File{in.lock, held}
	// In a process group of its own: Ctrl-C in a terminal is for us, and we end the server in our own time.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: in.owner}
	hold, err := cmd.StdinPipe()
	if err != nil {
		return nil, errors.Join(err, ended.Close())
	}
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", program, err), ended.Close())
	}
	return &process{guard: cmd, hold: hold, ended: ended, in: in}, nil
}

// await asks ready until it says nil. It gives up when the server ends or ctx does.
func (p *process) await(ctx context.Context, ready func(context.Context) error) error {
	for {
		err := ready(ctx)
		if err == nil {
			return nil
		}
		if p.hasEnded(50 * time.Millisecond) {
			return fmt.Errorf("%w:\n%s", errEnded, p.in.logTail())
		}
		if ctx.Err() != nil {
			return fmt.Errorf("no answer: %w\n%s", err, p.in.logTail())
		}
	}
}

// hasEnded waits that long for the server to end.
func (p *process) hasEnded(wait time.Duration) bool {
	if err := p.ended.SetReadDeadline(time.Now().Add(wait)); err != nil {
		return true
	}
	_, err := p.ended.Read(make([]byte, 1))
	return errors.Is(err, io.EOF)
}

// stop ends the server and waits for it.
func (p *process) stop() error {
	p.hold.Close()
	defer p.ended.Close()
	kill := func() { _ = syscall.Kill(-p.guard.Process.Pid, syscall.SIGKILL) }
	late := time.AfterFunc(stopTimeout, kill)
	_ = p.guard.Wait() // its status is that of rm
	late.Stop()
	if !p.hasEnded(time.Millisecond) {
		kill() // somebody killed the guard
	}
	if !p.hasEnded(stopTimeout) {
		return errors.New("server does not end, not even killed")
	}
	return p.in.close()
}
