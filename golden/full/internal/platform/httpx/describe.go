package httpx

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// Describe serves the OpenAPI 3.1 description of api as /openapi.json and /openapi.yaml. It is called once, after all
// operations are registered: the description is written now and not at the first request, where two could race. An API that
// must not be served is refused.
func Describe(mux *http.ServeMux, api *API) error {
	if err := api.Err(); err != nil {
		return err
	}
	description := api.huma.OpenAPI()
	schemas := description.Components.Schemas.Map()
	delete(schemas, "ErrorModel") // huma's own, of which NewAPI made Problems
	delete(schemas, "ErrorDetail")

	asJSON, err := json.Marshal(description)
	if err != nil {
		return fmt.Errorf("describe the API as JSON: %w", err)
	}
	asYAML, err := description.YAML()
	if err != nil {
		return fmt.Errorf("describe the API as YAML: %w", err)
	}
	serve := func(path, contentType string, body []byte) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			_, _ = w.Write(body) // the client has gone: there is no one to tell
		})
	}
	serve("/openapi.json", "application/openapi+json", asJSON)
	serve("/openapi.yaml", "application/openapi+yaml", asYAML)
	return nil
}
