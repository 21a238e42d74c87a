package fault

import "fmt"

// Interrupted says that the user ended the command.
func Interrupted() error { return refused(nil, "interrupted; nothing was written") }

// UnknownCommand says that a command does not exist and what is like it.
func UnknownCommand(name string, like []string) error {
	var next []string
	for _, l := range like {
		next = append(next, "startkit "+l)
	}
	return usage(append(next, "startkit --help"), "no command is called %s", name)
}

// BadFlag says what is wrong with a flag.
func BadFlag(err error, command string) error {
	return usage([]string{command + " --help"}, "%s", err)
}

// Arguments says that a command has the wrong number of arguments.
func Arguments(command, want string, got int) error {
	if want == "" {
		return usage([]string{command + " --help"}, "%s takes no arguments, not %d", command, got)
	}
	return usage([]string{command + " " + want}, "%s takes %s, not %d arguments", command, want, got)
}

// NoName says that `new` was given no name and has nobody to ask.
func NoName() error {
	return usage([]string{"startkit new NAME", "--answers=FILE      a startkit.mod"}, "a new repository needs a name, and there is no terminal to ask on")
}

// NoAnswers says that a file of answers cannot be read.
func NoAnswers(file string, err error) error {
	return &Error{Kind: Usage, What: fmt.Sprintf("read answers: %v", err), Next: []string{"--answers=FILE      a startkit.mod"}, Err: err}
}

// BadAnswers says what is wrong in a file of answers.
func BadAnswers(err error) error {
	return &Error{Kind: Usage, What: err.Error(), Next: []string{"git diff HEAD -- startkit.mod      what was changed in it by hand, if it is a repository's"}, Err: err}
}

// InAnswers says of answers that cannot be made whole in which file they
// stand; nil for nil.
func InAnswers(file string, err error) error {
	if err == nil {
		return nil
	}
	return BadAnswers(fmt.Errorf("%s: %w", file, err))
}

// NoPath says that a path was not rendered.
func NoPath(path string) error {
	return refused([]string{"git log -- " + path}, "%s was not written by startkit", path)
}

// NoLine says that a file has no such line.
func NoLine(path string, lines int) error {
	return refused(nil, "%s was rendered with %d lines", path, lines)
}
