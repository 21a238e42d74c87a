package ask

import (
	"errors"
	"io"
	"os"

	lib "github.com/AlecAivazis/survey/v2"
	"github.com/AlecAivazis/survey/v2/terminal"
)

// survey asks with the survey library. It is the only file that knows it: the
// library has had no release since 2022 and will be replaced one day.
type survey struct{ in, out *os.File }

func (s *survey) ask(p lib.Prompt, answer any, opts ...lib.AskOpt) error {
	err := lib.AskOne(p, answer, append(opts, lib.WithStdio(s.in, s.out, s.out))...)
	if errors.Is(err, terminal.InterruptErr) || errors.Is(err, io.EOF) {
		return ErrInterrupted
	}
	return err
}

func (s *survey) Input(question, preset string, check func(string) error) (string, error) {
	var answer string
	err := s.ask(&lib.Input{Message: question, Default: preset}, &answer, lib.WithValidator(func(v any) error {
		text, _ := v.(string)
		return check(text)
	}))
	return answer, err
}

func (s *survey) Choose(question string, options []Option) ([]string, error) {
	p := &lib.MultiSelect{Message: question}
	var chosen []string
	texts := map[string]string{}
	for _, o := range options {
		p.Options = append(p.Options, o.Name)
		texts[o.Name] = o.Text
		if o.Chosen {
			chosen = append(chosen, o.Name)
		}
	}
	p.Default = chosen
	p.Description = func(value string, _ int) string { return texts[value] }
	var answer []string
	err := s.ask(p, &answer)
	return answer, err
}

func (s *survey) Confirm(question string) (bool, error) {
	answer := true
	err := s.ask(&lib.Confirm{Message: question, Default: true}, &answer)
	return answer, err
}
