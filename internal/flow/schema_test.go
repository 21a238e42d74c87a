package flow

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/startkit/startkit/internal/change"
)

// schema is as much of JSON Schema as report.schema.json uses.
type schema struct {
	Required   []string          `json:"required"`
	Properties map[string]schema `json:"properties"`
	Items      *schema           `json:"items"`
	Enum       []string          `json:"enum"`
}

// described is a type's fields as JSON names them; optional ones end in a
// question mark.
func described(t reflect.Type) (list []string) {
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name == "" {
			continue
		}
		if options == "omitempty" {
			name += "?"
		}
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

func (s schema) fields() (list []string) {
	for name := range s.Properties {
		if !slices.Contains(s.Required, name) {
			name += "?"
		}
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

func TestTheSchemaDescribesTheReport(t *testing.T) {
	b, err := os.ReadFile("report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var s schema
	if err := json.Unmarshal(b, &s); err != nil {
		t.Fatal(err)
	}
	push := s.Properties["push"]
	file := s.Properties["files"].Items
	for _, c := range []struct {
		of   reflect.Type
		says schema
	}{
		{reflect.TypeFor[Report](), s}, {reflect.TypeFor[Planned](), *s.Properties["planned"].Items},
		{reflect.TypeFor[File](), *file}, {reflect.TypeFor[PushReport](), push}, {reflect.TypeFor[PushStep](), *push.Properties["steps"].Items},
		{reflect.TypeFor[Conflict](), *file.Properties["conflicts"].Items},
	} {
		if diff := cmp.Diff(described(c.of), c.says.fields()); diff != "" {
			t.Errorf("%s (-Go +schema)\n%s", c.of, diff)
		}
	}
	verdicts := []change.Verdict{change.Created, change.Updated, change.Merged, change.Deleted, change.Conflicted, change.Same, change.Kept, change.KeptDeleted}
	var want []string
	for _, v := range verdicts {
		want = append(want, string(v))
	}
	if diff := cmp.Diff(want, file.Properties["verdict"].Enum); diff != "" {
		t.Error(diff)
	}
}
