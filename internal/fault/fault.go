// Package fault declares every error that startkit's user is told, by kind, in
// one place, so that they read as one voice: what is wrong, with which thing,
// and the next command on a line of its own. Rooms return these errors; only
// the command line prints them and turns a Kind into an exit code.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of an answer an error is. Its value is the exit code.
type Kind int

// The kinds, and their exit codes.
const (
	Refused  Kind = 1 // what was asked for cannot be done as things stand
	Usage    Kind = 2 // the command itself is not right
	Conflict Kind = 3 // it is done as far as it goes; a person must decide the rest

	Authentication Kind = 4 // nothing proves who the user is, or what does is not enough
)

// Error is one thing that the user is told.
type Error struct {
	Kind Kind
	// What says what is wrong with which thing, without a full stop.
	What string
	// Next holds the commands or hints that help, one a line.
	Next []string
	// Err is the cause, if there is one; it is not printed again.
	Err error
}

// Error returns what is wrong, and below it what helps, each line indented.
func (e *Error) Error() string {
	lines := append([]string{e.What}, e.Next...)
	return strings.Join(lines, "\n    ")
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Code returns the exit code for an error: 0 for nil, the Kind of the first
// Error in the chain, else 1.
func Code(err error) int {
	if err == nil {
		return 0
	}
	var e *Error
	if errors.As(err, &e) {
		return int(e.Kind)
	}
	return int(Refused)
}

func refused(next []string, format string, args ...any) error {
	return &Error{Kind: Refused, What: fmt.Sprintf(format, args...), Next: next}
}

func usage(next []string, format string, args ...any) error {
	return &Error{Kind: Usage, What: fmt.Sprintf(format, args...), Next: next}
}
