package ask_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/startkit/startkit/internal/ask"
)

func TestPlainAsksAgainUntilTheAnswerWillDo(t *testing.T) {
	var out strings.Builder
	p := ask.NewPlain(t.Context(), strings.NewReader("a/b\nshop\n\npg,nope\npg, redis\nx\nn\n"), &out)
	short := func(s string) error {
		if strings.Contains(s, "/") {
			return errors.New("is a path")
		}
		return nil
	}
	name, err := p.Input("Name", "", short)
	if err != nil || name != "shop" {
		t.Errorf("%q %v", name, err)
	}
	module, err := p.Input("Module", "example.com/shop", func(string) error { return nil })
	if err != nil || module != "example.com/shop" {
		t.Errorf("%q %v", module, err)
	}
	stack, err := p.Choose("Stack", []ask.Option{{Name: "pg", Text: "a database", Chosen: true}, {Name: "redis", Text: "a cache"}})
	if diff := cmp.Diff([]string{"pg", "redis"}, stack); diff != "" || err != nil {
		t.Error(diff, err)
	}
	yes, err := p.Confirm("Make shop")
	if err != nil || yes {
		t.Errorf("%v %v", yes, err)
	}
	if _, err := p.Confirm("Again"); !errors.Is(err, ask.ErrInterrupted) {
		t.Errorf("the end of input is %v", err)
	}
	want := "Name: is a path\nName: Module [example.com/shop]:   pg           a database\n  redis        a cache\n" +
		"Stack (names, separated by commas) [pg]: nope is not in the list\nStack (names, separated by commas) [pg]: Make shop [y]: y or n\nMake shop [y]: Again [y]: "
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}
