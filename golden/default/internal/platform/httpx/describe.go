package httpx

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// Describe serves the OpenAPI 3.1 description of api as /openapi.json and /openapi.yaml. It is called once, after all
// operations are registered: the description is written now and not at the first request, where two could race.
func Describe(mux *http.ServeMux, api huma.API) error {
	schemas := api.OpenAPI().Components.Schemas.Map()
	delete(schemas, "ErrorModel") // huma's own, of which NewAPI made Problems
	delete(schemas, "ErrorDetail")

	asJSON, err := json.Marshal(api.OpenAPI())
	if err != nil {
		return fmt.Errorf("describe the API as JSON: %w", err)
	}
	asYAML, err := api.OpenAPI().YAML()
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
