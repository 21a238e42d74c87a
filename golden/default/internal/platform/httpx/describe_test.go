package httpx_test

import (
	"net/http"
	"slices"
	"testing"
)

// at walks into decoded JSON.
func at(t *testing.T, value any, path ...string) any {
	t.Helper()
	for _, key := range path {
		object, ok := value.(map[string]any)
		if !ok || object[key] == nil {
			t.Fatalf("no %q on the way to %q", key, path)
		}
		value = object[key]
	}
	return value
}

func TestTheAPIDescribesItselfAsOpenAPI(t *testing.T) {
	s := newSurface(t, nil)
	w := s.do("GET", "/openapi.json", nil)
	if got := w.Header().Get("Content-Type"); got != "application/openapi+json" {
		t.Errorf("Content-Type is %s", got)
	}
	description := decode(t, w.Body.String())
	if got := at(t, description, "openapi"); got != "3.1.0" {
		t.Errorf("OpenAPI is %v, want 3.1.0", got)
	}
	put := at(t, description, "paths", "/items/{id}", "put")
	if got := at(t, put, "operationId"); got != "put-item" {
		t.Errorf("operationId is %v", got)
	}
	failure := at(t, put, "responses", "default", "content", "application/problem+json")
	if got := at(t, failure, "schema", "$ref"); got != "#/components/schemas/Problem" {
		t.Errorf("the schema of errors is %v", got)
	}
	schemas := at(t, description, "components", "schemas").(map[string]any)
	var names []string
	for name := range schemas {
		names = append(names, name)
	}
	slices.Sort(names)
	if want := []string{"Fault", "ItemInputBody", "ItemOutputBody", "Problem"}; !slices.Equal(names, want) {
		t.Errorf("schemas are %v, want %v", names, want)
	}
}

func TestNoPageIsServedThatLoadsScriptsOfOthers(t *testing.T) {
	s := newSurface(t, nil)
	for _, path := range []string{"/docs", "/openapi-3.0.json", "/schemas/Problem.json"} {
		if got := s.do("GET", path, nil).Code; got != http.StatusNotFound {
			t.Errorf("%s is %d, want 404", path, got)
		}
	}
}
