package httpx

import (
	"maps"
	"net/http"
)

// headers sets what a browser must know about answers that are data: never guess their type, never run, frame or keep them.
// A handler may set its own Cache-Control. While the process drains, each answer is the last of its connection, so that
// clients and load balancers go elsewhere without one being cut.
func headers(next http.Handler, hsts bool, draining func() bool) http.Handler {
	fixed := http.Header{
		"Cache-Control":                {"no-store"},
		"Content-Security-Policy":      {"default-src 'none'; frame-ancestors 'none'"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
		"Referrer-Policy":              {"no-referrer"},
		"X-Content-Type-Options":       {"nosniff"},
	}
	if hsts {
		fixed["Strict-Transport-Security"] = []string{"max-age=31536000; includeSubDomains"}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		maps.Copy(h, fixed) // the values are shared: Set and Add of a handler replace them and do not write into them
		if draining != nil && draining() {
			h.Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// sameOrigin refuses what another site makes a browser send here: cross-site request forgery, seen by Sec-Fetch-Site and
// Origin. Clients that are no browsers send neither and pass.
func sameOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		writeProblem(r.Context(), w, NewProblem(http.StatusForbidden, "cross_origin", "a browser sent this for another site"))
	}))
	return protection.Handler(next)
}
