// Package ask turns questions into answers on a terminal. It only asks: what
// an answer means, and whether it will do, is decided by the functions that
// the caller hands in.
//
//	Prompter   Survey on a terminal, Plain where a terminal can do little
package ask

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"

	"golang.org/x/term"
)

// ErrInterrupted says that the user ended the questions with Ctrl-C or the end
// of input. Nothing has been done by then.
var ErrInterrupted = errors.New("interrupted")

// Prompter asks one question at a time. Check says of an answer what is wrong
// with it; the question is asked again until nothing is.
type Prompter interface {
	Input(question, preset string, check func(string) error) (string, error)
	Choose(question string, options []Option) ([]string, error)
	Confirm(question string) (bool, error)
}

// Option is one of several things to choose from.
type Option struct {
	Name, Text string
	Chosen     bool // from the start
}

// Terminal returns a Prompter for the process's own terminal, or nil when
// there is nobody to ask: standard input or error is no terminal. A terminal
// that cannot move its cursor gets plain lines.
func Terminal(ctx context.Context, in, out *os.File) Prompter {
	if !term.IsTerminal(int(in.Fd())) || !term.IsTerminal(int(out.Fd())) {
		return nil
	}
	if t := os.Getenv("TERM"); t == "" || t == "dumb" || os.Getenv("ACCESSIBLE") != "" {
		return NewPlain(ctx, in, out)
	}
	return &survey{in: in, out: out}
}

// NewPlain returns a Prompter that writes questions and reads answers as
// lines, until ctx ends.
func NewPlain(ctx context.Context, in io.Reader, out io.Writer) Prompter {
	return &plain{done: ctx.Done(), in: bufio.NewScanner(in), out: out}
}
