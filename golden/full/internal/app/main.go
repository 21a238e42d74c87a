package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"example.com/myapp/internal/platform/db"
)

// name is what the program is called.
const name = "myapp"

// The exit codes.
const (
	exitDone    = 0
	exitRefused = 1
	exitUsage   = 2
)

// Process is what the system gives a process.
type Process struct {
	// Args are the arguments after the name of the program.
	Args []string

	// Environ is the environment in the form of os.Environ.
	Environ []string

	// Stdout gets the results of commands.
	Stdout io.Writer

	// Stderr gets errors, and the log of a process that serves.
	Stderr io.Writer
}

// usageError is a command line that makes no sense.
type usageError string

func (e usageError) Error() string {
	return string(e)
}

// Main runs the command that p.Args names until it is done or ctx ends, and returns the exit code: 0 done, 1 refused or
// failed, 2 a command line that makes no sense.
func Main(ctx context.Context, p Process) int {
	err := dispatch(ctx, p)
	if err == nil {
		return exitDone
	}
	if _, usage := errors.AsType[usageError](err); usage {
		fmt.Fprintf(p.Stderr, "%s: %v\n\n%s", name, err, help())
		return exitUsage
	}
	fmt.Fprintf(p.Stderr, "%s: %v\n", name, err)
	if db.Behind(err) {
		fmt.Fprintf(p.Stderr, "    %s migrate    brings the database up to date\n", name)
	}
	return exitRefused
}

// dispatch finds the command and runs it with the arguments that follow its name.
func dispatch(ctx context.Context, p Process) error {
	for _, c := range commands() {
		words := strings.Fields(c.name)
		if len(p.Args) < len(words) || !slices.Equal(p.Args[:len(words)], words) {
			continue
		}
		p.Args = p.Args[len(words):]
		if fixed := !strings.ContainsAny(c.args, "[-"); fixed && len(p.Args) != len(strings.Fields(c.args)) {
			return usageError(strings.TrimSpace("want: " + c.name + " " + c.args))
		}
		return c.run(ctx, p)
	}
	switch line := strings.Join(p.Args, " "); line {
	case "":
		return usageError("no command")
	case "help", "-h", "-help", "--help":
		_, err := io.WriteString(p.Stdout, help())
		return err
	default:
		return usageError(fmt.Sprintf("unknown command %q", line))
	}
}
