// Package httpx is how the process speaks HTTP.
//
// NewAPI makes the huma API, to which each domain adds its operations with Register; Describe serves its OpenAPI document;
// Handler puts the middleware around it; Server bounds all that a client can make long or large. Every error, of a domain,
// of huma, of the mux or of the middleware, is a Problem: RFC 9457 with a stable code and the request's id. What went
// wrong inside is logged, never answered.
package httpx
