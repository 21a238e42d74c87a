package app

import (
	"context"
	"errors"
	"fmt"
	"io"
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
	return exitRefused
}

// dispatch finds the command and runs it with the arguments that follow its name.
func dispatch(ctx context.Context, p Process) error {
	if len(p.Args) == 0 {
		return usageError("no command")
	}
	wanted := p.Args[0]
	p.Args = p.Args[1:]
	for _, c := range commands() {
		if c.name != wanted {
			continue
		}
		if c.args == "" && len(p.Args) > 0 {
			return usageError(fmt.Sprintf("%s takes no argument, got %q", c.name, p.Args[0]))
		}
		return c.run(ctx, p)
	}
	switch wanted {
	case "help", "-h", "-help", "--help":
		_, err := io.WriteString(p.Stdout, help())
		return err
	}
	return usageError(fmt.Sprintf("unknown command %q", wanted))
}
