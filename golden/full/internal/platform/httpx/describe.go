package httpx

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// Describe serves the OpenAPI 3.1 description of api as /openapi.json. It is called once, after all operations are registered:
// the description is written now and not at the first request, where two could race. An API that must not be served is refused.
func Describe(mux *http.ServeMux, api *API) error {
	if err := api.Err(); err != nil {
		return err
	}
	description := api.huma.OpenAPI()
	schemas := description.Components.Schemas.Map()
	delete(schemas, "ErrorModel") // huma's own, of which NewAPI made Problems
	delete(schemas, "ErrorDetail")

	text, err := json.Marshal(description)
	if err != nil {
		return fmt.Errorf("describe the API: %w", err)
	}
	mux.HandleFunc("GET /openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/openapi+json")
		_, _ = w.Write(text) // the client has gone: there is no one to tell
	})
	return nil
}
