package idempotency

import (
	"bytes"
	"maps"
	"net/http"
	"slices"
)

// maxBody is how much of an answer is kept. Of a longer one there is only the status.
const maxBody = 256 << 10

// answer is an http.ResponseWriter that holds the answer until it is sent.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer

	// secret answers are not kept.
	secret bool
}

// Header implements http.ResponseWriter.
func (a *answer) Header() http.Header {
	return a.header
}

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= http.StatusOK { // 1xx are not the answer yet
		a.status = status
	}
}

// Write implements http.ResponseWriter.
func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}

// code is the status; net/http takes a handler that says none for one that says 200.
func (a *answer) code() int {
	return max(a.status, http.StatusOK)
}

// passing says whether the same request may have another answer on the next try.
func (a *answer) passing() bool {
	return slices.Contains([]int{
		http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed,
		http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests,
	}, a.status)
}

// kept returns what is stored of the answer: no cookies, and no headers that are of this connection or this moment.
func (a *answer) kept() (headers map[string]string, body []byte) {
	if a.secret || a.body.Len() > maxBody {
		return nil, nil
	}
	headers = make(map[string]string)
	for _, name := range []string{"Content-Type", "Location", "ETag"} {
		if value := a.header.Get(name); value != "" {
			headers[name] = value
		}
	}
	return headers, append([]byte{}, a.body.Bytes()...) // not nil, which is an answer that was not kept
}

func (a *answer) send(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.code())
	_, _ = w.Write(a.body.Bytes()) // the client has gone: it can ask again
}
