package hub

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// description is what GitHub publishes of the routes; package extract says how
// it was made.
//
//go:embed openapi.json
var description []byte

// contract holds the calls of a push against GitHub's description.
type contract struct {
	routes          map[string]object // "get /user" to its bodies
	strict, lenient *jsonschema.Compiler
}

func newContract(t testing.TB) contract {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(description))
	if err != nil {
		t.Fatal(err)
	}
	c := contract{map[string]object{}, jsonschema.NewCompiler(), jsonschema.NewCompiler()}
	for route, bodies := range doc.(object)["routes"].(object) {
		c.routes[route] = bodies.(object)
	}
	if err := c.strict.AddResource("mem:///github.json", doc); err != nil {
		t.Fatal(err)
	}
	// Our answers hold the fields that are read, and not all that GitHub sends.
	other, _ := jsonschema.UnmarshalJSON(bytes.NewReader(description))
	if err := c.lenient.AddResource("mem:///github.json", unrequired(other)); err != nil {
		t.Fatal(err)
	}
	return c
}

// unrequired drops what a body must hold, but not the properties of that name.
func unrequired(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = unrequired(v[i])
		}
	case object:
		if _, list := v["required"].([]any); list {
			delete(v, "required")
		}
		if list, ok := v["oneOf"].([]any); ok {
			v["anyOf"] = list // without what sets them apart several may fit
			delete(v, "oneOf")
		}
		for k := range v {
			v[k] = unrequired(v[k])
		}
	}
	return v
}

// route finds the description of a call; the longest fixed path wins.
func (c contract) route(method, path string) string {
	best := ""
	for _, route := range slices.Sorted(maps.Keys(c.routes)) {
		verb, template, _ := strings.Cut(route, " ")
		a, b := strings.Split(template, "/"), strings.Split(path, "/")
		if verb == strings.ToLower(method) && len(a) == len(b) && slices.EqualFunc(a, b, func(a, b string) bool { return a == b || strings.HasPrefix(a, "{") }) {
			best = route
		}
	}
	return best
}

// check says what of a call or its answer is not as GitHub describes it.
func (c contract) check(r *http.Request, path string, sent []byte, rec *httptest.ResponseRecorder) error {
	route := c.route(r.Method, path)
	if route == "" {
		return fmt.Errorf("%s %s is no route of GitHub's that we know", r.Method, path)
	}
	at := "mem:///github.json#/routes/" + strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D", " ", "%20").Replace(route)
	request, has := c.routes[route]["request"]
	if len(sent) > 0 && !has {
		return fmt.Errorf("%s takes no body", route)
	}
	if has {
		if err := valid(c.strict, at+"/request", sent); err != nil {
			return fmt.Errorf("the body of %s: %w", route, err)
		}
		if err := declared(request, sent); err != nil {
			return fmt.Errorf("the body of %s: %w", route, err)
		}
	}
	status := strconv.Itoa(rec.Code)
	if _, ok := c.routes[route]["responses"].(object)[status]; !ok {
		if rec.Code == 401 || rec.Code == 404 {
			return nil // of every route, whether it says so or not
		}
		return fmt.Errorf("%s does not answer with %s", route, status)
	}
	if rec.Body.Len() == 0 {
		return nil
	}
	return valid(c.lenient, at+"/responses/"+status, rec.Body.Bytes())
}

func valid(c *jsonschema.Compiler, at string, body []byte) error {
	s, err := c.Compile(at)
	if err != nil {
		return err
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err
	}
	return s.Validate(v)
}

// declared refuses fields that GitHub would not read.
func declared(schema any, body []byte) error {
	properties, _ := schema.(object)["properties"].(object)
	var sent object
	if err := json.Unmarshal(body, &sent); err != nil || properties == nil {
		return err
	}
	for k := range sent {
		if properties[k] == nil {
			return fmt.Errorf("there is no field %s", k)
		}
	}
	return nil
}
