package httpx_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/httpx"
)

func TestAnotherSiteCannotMakeABrowserWriteHere(t *testing.T) {
	s := newSurface(t, nil)
	const body = `{"name":"x"}`
	for name, test := range map[string]struct {
		headers []string
		want    int
	}{
		"no browser":              {nil, http.StatusOK},
		"our own page":            {[]string{"Sec-Fetch-Site", "same-origin"}, http.StatusOK},
		"typed by hand":           {[]string{"Sec-Fetch-Site", "none"}, http.StatusOK},
		"another site":            {[]string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		"a sibling":               {[]string{"Sec-Fetch-Site", "same-site"}, http.StatusForbidden},
		"an old browser":          {[]string{"Origin", "https://evil.example"}, http.StatusForbidden},
		"an old browser, our own": {[]string{"Origin", "https://example.com"}, http.StatusOK},
	} {
		w := s.put(body, test.headers...)
		if w.Code != test.want {
			t.Errorf("%s: status is %d, want %d", name, w.Code, test.want)
		}
		if w.Code == http.StatusForbidden {
			want := problem(403, "cross_origin", "a browser sent this for another site")
			if diff := cmp.Diff(want, decode(t, w.Body.String())); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	}
	if got := s.do("GET", "/openapi.json", nil, "Sec-Fetch-Site", "cross-site").Code; got != http.StatusOK {
		t.Errorf("a read from another site is %d, want 200: what it may see is the browser's concern", got)
	}
}

func TestEveryAnswerHasTheHeadersForBrowsers(t *testing.T) {
	s := newSurface(t, func(o *httpx.Options) { o.HSTS = true })
	want := map[string]string{
		"Cache-Control":                "no-store",
		"Content-Security-Policy":      "default-src 'none'; frame-ancestors 'none'",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Referrer-Policy":              "no-referrer",
		"Strict-Transport-Security":    "max-age=31536000; includeSubDomains",
		"X-Content-Type-Options":       "nosniff",
	}
	for _, name := range []string{"x", "taken", "broken", "panic"} {
		header := s.put(`{"name":"` + name + `"}`).Header()
		got := make(map[string]string)
		for key := range want {
			got[key] = header.Get(key)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if got := newSurface(t, nil).put(`{"name":"x"}`).Header().Get("Strict-Transport-Security"); got != "" {
		t.Errorf("without HSTS the answer says %q", got)
	}
}

func TestWhileDrainingEachAnswerIsTheLastOfItsConnection(t *testing.T) {
	draining := false
	s := newSurface(t, func(o *httpx.Options) { o.Draining = func() bool { return draining } })
	if got := s.put(`{"name":"x"}`).Header().Get("Connection"); got != "" {
		t.Errorf("Connection is %q before the end", got)
	}
	draining = true
	if got := s.put(`{"name":"x"}`).Header().Get("Connection"); got != "close" {
		t.Errorf("Connection is %q while draining, want close", got)
	}
}
