package httpx

import (
	"log/slog"
	"net/http"
	"net/http/pprof"
)

// AdminServer returns the server of mux for the people and the platform that run the process. It adds the profiles of
// net/http/pprof, which show what is in memory: it must not be reached from outside.
func AdminServer(mux *http.ServeMux, log *slog.Logger) *http.Server {
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return newServer(mux, profileTime, log)
}
