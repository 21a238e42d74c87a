// Package eventstest holds events to the form in which they were first published.
package eventstest

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"example.com/myapp/internal/platform/events"
)

var update = flag.Bool("update-events", false, "add new events, and new fields of events, to testdata")

// Contract compares what each sample is as JSON with testdata/TYPE.json. What is there stays: who listens reads it, and what was
// published years ago is replayed. With -update-events it writes the file of a new event, and adds new fields to that of an old
// one; it takes nothing away. A sample has a value in every field.
func Contract(t *testing.T, samples ...events.Event) {
	t.Helper()
	for _, sample := range samples {
		if err := contract("testdata", sample, *update); err != nil {
			t.Errorf("%s: %v", sample.EventType(), err)
		}
	}
}

func contract(folder string, sample events.Event, update bool) error {
	text, err := wire(sample)
	if err != nil {
		return err
	}
	file := filepath.Join(folder, sample.EventType()+".json")
	kept, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		kept, err = []byte("{}"), nil
	}
	if err != nil {
		return err
	}
	was, is := map[string]any{}, map[string]any{}
	if err := errors.Join(decode(kept, &was), decode(text, &is)); err != nil {
		return err
	}
	if err := errors.Join(broken("", was, is)...); err != nil {
		return fmt.Errorf("%w\n    others read it: publish the next version beside it", err)
	}
	if reflect.DeepEqual(was, is) {
		return nil
	}
	if !update {
		return fmt.Errorf("%s lacks something new\n    go test -update-events", file)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644)
}

// wire is the sample as JSON, if all of it survives that.
func wire(sample events.Event) ([]byte, error) {
	text, err := json.MarshalIndent(sample, "", "  ")
	if err != nil {
		return nil, err
	}
	back := reflect.New(reflect.TypeOf(sample))
	if err := json.Unmarshal(text, back.Interface()); err != nil {
		return nil, fmt.Errorf("cannot be read back: %w", err)
	}
	if !reflect.DeepEqual(back.Elem().Interface(), sample) {
		return nil, fmt.Errorf("comes back as %+v, and was %+v: others would miss what JSON does not carry", back.Elem(), sample)
	}
	return append(text, '\n'), errors.Join(unfit(reflect.ValueOf(sample), "")...)
}

// unfit returns the fields that the sample leaves empty, and those that are not exact.
func unfit(v reflect.Value, name string) (errs []error) {
	switch {
	case name != "" && v.IsZero():
		return []error{fmt.Errorf("the sample has no value in %s", name)}
	case v.Kind() == reflect.Float32 || v.Kind() == reflect.Float64:
		return []error{fmt.Errorf("%s is not exact: use a whole number of the smallest unit, or a string", name)}
	case v.Kind() != reflect.Struct:
		return nil
	}
	for i := range v.NumField() {
		if field := v.Type().Field(i); field.IsExported() {
			errs = append(errs, unfit(v.Field(i), field.Name)...)
		}
	}
	return errs
}

// broken returns what was there and is not as it was.
func broken(path string, was, is any) (errs []error) {
	before, object := was.(map[string]any)
	after, still := is.(map[string]any)
	if !object || !still {
		if !reflect.DeepEqual(was, is) {
			before, _ := json.Marshal(was) // it was JSON a moment ago, as is the other
			after, _ := json.Marshal(is)
			errs = append(errs, fmt.Errorf("field %s was %s and is %s", path[1:], before, after))
		}
		return errs
	}
	for _, key := range slices.Sorted(maps.Keys(before)) {
		if value, ok := after[key]; ok {
			errs = append(errs, broken(path+"."+key, before[key], value)...)
		} else {
			errs = append(errs, fmt.Errorf("field %s is gone", (path + "." + key)[1:]))
		}
	}
	return errs
}

// decode keeps numbers as they are written.
func decode(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(v)
}
