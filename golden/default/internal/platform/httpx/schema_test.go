package httpx_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"example.com/myapp/internal/platform/httpx"
)

// Fault has the name of a type of httpx.
type Fault struct {
	Depth int `json:"depth"`
}

func TestTwoTypesOfOneNameAreDescribedByTheirPackages(t *testing.T) {
	mux := http.NewServeMux()
	api := httpx.NewAPI(mux, testOptions(io.Discard))
	for _, path := range []string{"/rocks", "/rocks/deepest"} {
		operation := huma.Operation{OperationID: path[1:], Method: http.MethodGet, Path: path}
		httpx.Register(api, httpx.Operation{Operation: operation, Access: httpx.Public},
			func(context.Context, *struct{}) (*struct{ Body Fault }, error) { return nil, nil })
	}
	if err := httpx.Describe(mux, api); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/openapi.json", nil))
	description := decode(t, w.Body.String())
	for _, path := range []string{"/rocks", "/rocks/deepest"} {
		answer := at(t, description, "paths", path, "get", "responses", "200", "content", "application/json", "schema", "$ref")
		if answer != "#/components/schemas/Httpx_testFault" {
			t.Errorf("%s answers with %v", path, answer)
		}
	}
	at(t, description, "components", "schemas", "Httpx_testFault", "properties", "depth")
	at(t, description, "components", "schemas", "Fault", "properties", "location")
}
