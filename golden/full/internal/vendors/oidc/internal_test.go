package oidc

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"example.com/myapp/internal/platform/secret"
)

func TestACookieOpensForTenMinutesAndByItsSecretOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sealers [2]sealer
		for i, text := range []string{"canary-one", "canary-two"} {
			s, err := newSealer(Options{ClientSecret: secret.New(text)})
			if err != nil {
				t.Fatal(err)
			}
			sealers[i] = s
		}
		f := newFlow("/after")
		cookie := sealers[0].seal(f)
		if _, ok := sealers[1].open(cookie); ok {
			t.Error("it opens by another secret")
		}
		time.Sleep(FlowTime)
		if got, ok := sealers[0].open(cookie); !ok || got.State != f.State || got.Nonce != f.Nonce || got.Verifier != f.Verifier {
			t.Errorf("got %+v, %v", got, ok)
		}
		time.Sleep(time.Nanosecond)
		if _, ok := sealers[0].open(cookie); ok {
			t.Error("it opens after ten minutes")
		}
	})
}

func TestARequestToAnotherHostIsNotSent(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer server.Close()
	for host, want := range map[string]int{"https://provider.example.com": 0, server.URL + "0": 0, server.URL: 1} {
		asked = 0
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/keys", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := newClient(&egress{hosts: []string{host}}).Do(r)
		if err == nil {
			_ = response.Body.Close()
		}
		if asked != want || (err == nil) != (want == 1) {
			t.Errorf("%s: asked %d times, %v", host, asked, err)
		}
	}
}
