package httpx

import (
	"net/http"
	"slices"
)

// Handler returns mux with the middleware around it. A request passes it in this order:
//
//	observe    id, access log           outermost, so that it sees what all the others answer
//	recover    a panic is a 500
//	headers    for browsers; and Connection: close while draining
//	admit      not more at once than the limit; health is always answered
//	sameOrigin no writes by other sites
//	budget     the deadline and the size of the body
//	who acts   Options.Authenticate
//	around     Options.Around, the first of them outermost
//	route      the mux, whose own 404 and 405 become Problems
func Handler(mux *http.ServeMux, o Options) http.Handler {
	handler := route(mux)
	for _, around := range slices.Backward(o.Around) {
		handler = around(handler)
	}
	handler = authenticate(handler, o.Authenticate)
	handler = budget(handler, o.RequestTimeout, o.MaxBodyBytes)
	handler = sameOrigin(handler)
	handler = admit(handler, o.MaxInFlight)
	handler = headers(handler, o.HSTS, o.Draining)
	handler = recoverPanics(handler)
	return observe(handler, o.Log)
}

// route lets the exchange see which route the mux finds.
func route(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		exchangeOf(r.Context()).request = r
		mux.ServeHTTP(w, r)
	})
}
