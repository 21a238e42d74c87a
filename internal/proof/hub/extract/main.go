// Command extract cuts out of GitHub's OpenAPI description the routes that a
// push calls, as JSON Schema, and prints it:
//
//	npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz
//	go run ./internal/proof/hub/extract package/generated/api.github.com.json > internal/proof/hub/openapi.json
//
// The description is GitHub's (github/rest-api-description, MIT), in the form in
// which Octokit publishes it (@octokit/openapi, MIT).
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// routes are those that internal/forge calls.
var routes = []string{
	"get /user", "get /repos/{owner}/{repo}", "get /orgs/{org}", "get /orgs/{org}/memberships/{username}", "post /user/repos", "post /orgs/{org}/repos",
	"put /repos/{owner}/{repo}/topics", "patch /repos/{owner}/{repo}",
	"get /repos/{owner}/{repo}/actions/permissions/workflow", "put /repos/{owner}/{repo}/actions/permissions/workflow",
	"get /repos/{owner}/{repo}/vulnerability-alerts", "put /repos/{owner}/{repo}/vulnerability-alerts",
	"get /repos/{owner}/{repo}/automated-security-fixes", "put /repos/{owner}/{repo}/automated-security-fixes",
	"get /repos/{owner}/{repo}/rulesets", "post /repos/{owner}/{repo}/rulesets",
	"get /repos/{owner}/{repo}/branches/{branch}/protection", "put /repos/{owner}/{repo}/branches/{branch}/protection",
}

type object = map[string]any

func main() {
	b, err := os.ReadFile(os.Args[1])
	var doc object
	if err == nil {
		err = json.Unmarshal(b, &doc)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	paths, schemas := object{}, object{}
	for _, r := range routes {
		method, path, _ := strings.Cut(r, " ")
		op := doc["paths"].(object)[path].(object)[method].(object)
		out := object{"responses": object{}}
		if body, ok := op["requestBody"].(object); ok {
			out["request"] = schema(body)
		}
		for status, res := range op["responses"].(object) {
			out["responses"].(object)[status] = schema(res.(object))
		}
		paths[r] = out
	}
	all := doc["components"].(object)["schemas"].(object)
	gather(paths, all, schemas)
	e := json.NewEncoder(os.Stdout)
	e.SetIndent("", " ")
	_ = e.Encode(object{"source": "@octokit/openapi 23.0.2, api.github.com; MIT", "routes": paths, "components": object{"schemas": schemas}})
}

// schema is the schema of a body; true where it has none of JSON.
func schema(body object) any {
	content, _ := body["content"].(object)
	kind, ok := content["application/json"].(object)
	if !ok || kind["schema"] == nil {
		return true
	}
	return plain(kind["schema"])
}

// plain drops what only people read, and turns OpenAPI's nullable into JSON
// Schema's null.
func plain(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case object:
		for _, k := range []string{"description", "example", "examples", "externalDocs", "title", "default", "deprecated", "format", "readOnly"} {
			if _, text := v[k].(object); !text {
				delete(v, k)
			}
		}
		null := v["nullable"] == true
		delete(v, "nullable")
		for k := range v {
			v[k] = plain(v[k])
		}
		if null {
			return object{"anyOf": []any{v, object{"type": "null"}}}
		}
	}
	return v
}

// gather copies the schemas that something refers to.
func gather(v any, all, into object) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			gather(x, all, into)
		}
	case object:
		if ref, ok := v["$ref"].(string); ok {
			name := ref[strings.LastIndexByte(ref, '/')+1:]
			if into[name] == nil {
				into[name] = plain(all[name])
				gather(into[name], all, into)
			}
		}
		for _, x := range v {
			gather(x, all, into)
		}
	}
}
