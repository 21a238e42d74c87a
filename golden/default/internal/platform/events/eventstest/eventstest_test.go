package eventstest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/events"
)

type (
	sold struct {
		Wall  string `json:"wall"`
		Price money  `json:"price"`
	}
	money struct {
		Cents    int64  `json:"cents"`
		Currency string `json:"currency"`
	}
	soldToday struct {
		sold
		Buyer string `json:"buyer"`
	}
	soldForText struct {
		Wall  string `json:"wall"`
		Price string `json:"price"`
	}
	soldCheap  struct{ Wall string }
	soldByPart struct {
		sold
		Part float64 `json:"part"`
	}
	soldInSecret struct {
		sold
		Buyer string `json:"-"`
	}
)

func (sold) EventType() string { return "walls.sold.v1" }

func (soldCheap) EventType() string { return "walls.sold.v1" }

func (soldForText) EventType() string { return "walls.sold.v1" }

func TestAContractIsKeptOrBrokenInWords(t *testing.T) {
	sample := sold{"north", money{700, "EUR"}}
	const lacks = "walls.sold.v1.json lacks something new\n    go test -update-events"
	const next = "\n    others read it: publish the next version beside it"
	for name, test := range map[string]struct {
		sample events.Event
		update bool
		want   string
	}{
		"the same":                {sample, false, ""},
		"a new field":             {soldToday{sample, "ann"}, false, lacks},
		"a new field, kept":       {soldToday{sample, "ann"}, true, ""},
		"fields that are gone":    {soldCheap{"north"}, true, "field price is gone\nfield wall is gone" + next},
		"a field of another type": {soldForText{"north", "7 EUR"}, true, `field price was {"cents":700,"currency":"EUR"} and is "7 EUR"` + next},
		"another value":           {sold{"north", money{701, "EUR"}}, true, `field price.cents was 700 and is 701` + next},
		"a field without value":   {sold{"north", money{700, ""}}, false, "the sample has no value in Currency"},
		"a fraction":              {soldByPart{sample, 0.5}, true, "Part is not exact: use a whole number of the smallest unit, or a string"},
		"a field that JSON does not carry": {soldInSecret{sample, "ann"}, true,
			"comes back as {sold:{Wall:north Price:{Cents:700 Currency:EUR}} Buyer:}, and was {sold:{Wall:north Price:{Cents:700 Currency:EUR}} Buyer:ann}: others would miss what JSON does not carry"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			if err := contract(folder, sample, true); err != nil {
				t.Fatal(err)
			}
			before, err := os.ReadFile(filepath.Join(folder, "walls.sold.v1.json"))
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if err := contract(folder, test.sample, test.update); err != nil {
				got = err.Error()
			}
			if got != test.want && got != filepath.Join(folder, test.want) {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
			after, _ := os.ReadFile(filepath.Join(folder, "walls.sold.v1.json"))
			if kept := test.want == "" && test.update; kept == (string(before) == string(after)) {
				t.Errorf("the file is now\n%s", cmp.Diff(string(before), string(after)))
			}
		})
	}
}
