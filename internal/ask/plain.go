package ask

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
)

// plain asks line by line: for a screen reader, a dumb terminal, a test.
type plain struct {
	done <-chan struct{}
	in   *bufio.Scanner
	out  io.Writer
}

// line reads a line. Ctrl-C ends the wait for it, though not the read itself:
// the process is about to end.
func (p *plain) line() (string, error) {
	read := make(chan bool, 1)
	go func() { read <- p.in.Scan() }()
	select {
	case <-p.done:
		return "", ErrInterrupted
	case ok := <-read:
		if !ok {
			return "", ErrInterrupted
		}
		return strings.TrimSpace(p.in.Text()), nil
	}
}

func (p *plain) Input(question, preset string, check func(string) error) (string, error) {
	for {
		if preset != "" {
			fmt.Fprintf(p.out, "%s [%s]: ", question, preset)
		} else {
			fmt.Fprintf(p.out, "%s: ", question)
		}
		s, err := p.line()
		if err != nil {
			return "", err
		}
		if s == "" {
			s = preset
		}
		if err := check(s); err != nil {
			fmt.Fprintln(p.out, err)
			continue
		}
		return s, nil
	}
}

func (p *plain) Choose(question string, options []Option) ([]string, error) {
	var preset []string
	for _, o := range options {
		fmt.Fprintf(p.out, "  %-12s %s\n", o.Name, o.Text)
		if o.Chosen {
			preset = append(preset, o.Name)
		}
	}
	known := func(s string) error {
		for _, name := range split(s) {
			if !slices.ContainsFunc(options, func(o Option) bool { return o.Name == name }) {
				return fmt.Errorf("%s is not in the list", name)
			}
		}
		return nil
	}
	s, err := p.Input(question+" (names, separated by commas)", strings.Join(preset, ","), known)
	return split(s), err
}

func split(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

func (p *plain) Confirm(question string) (bool, error) {
	yesNo := func(s string) error {
		if s != "y" && s != "n" {
			return fmt.Errorf("y or n")
		}
		return nil
	}
	s, err := p.Input(question, "y", yesNo)
	return s == "y", err
}
