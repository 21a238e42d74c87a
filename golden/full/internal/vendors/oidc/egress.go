package oidc

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// What a request to the provider may cost.
const (
	requestTime = 5 * time.Second
	answerSize  = 1 << 20

	// keyFetches is how often the keys of the provider are fetched within a minute: a key that is not known makes one fetch,
	// and whoever sends many of them must not make many.
	keyFetches = 5
)

// egress lets out requests to the hosts of the provider.
type egress struct {
	hosts []string

	// keys is the address of the keys; left is how many fetches are left since then.
	keys  string
	mu    sync.Mutex
	left  int
	since time.Time
}

func newClient(e *egress) *http.Client {
	return &http.Client{
		Transport:     e,
		Timeout:       requestTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// RoundTrip implements http.RoundTripper.
func (e *egress) RoundTrip(r *http.Request) (*http.Response, error) {
	if !slices.Contains(e.hosts, host(r.URL)) {
		return nil, errors.New("not a host of the provider")
	}
	if r.URL.String() == e.keys && !e.mayFetch(time.Now()) {
		return nil, errors.New("the keys were fetched too often")
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		response.Body = http.MaxBytesReader(nil, response.Body, answerSize)
	}
	return response, err
}

func (e *egress) mayFetch(now time.Time) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if now.Sub(e.since) >= time.Minute {
		e.left, e.since = keyFetches, now
	}
	e.left--
	return e.left >= 0
}

func host(u *url.URL) string { return u.Scheme + "://" + u.Host }
