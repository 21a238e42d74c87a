package ratelimit_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/ratelimit"
)

// told is what an answer says about the limits.
type told struct {
	Status int

	Limit, Remaining, Reset, TryAgain string
}

// site is a handler behind a limiter of five requests a second, which answers with the address that it was asked from.
type site struct {
	http.Handler
	t *testing.T
}

func newSite(t *testing.T, proxies ...string) site {
	o := ratelimit.Options{PerSecond: 5}
	for _, p := range proxies {
		o.Proxies = append(o.Proxies, netip.MustParsePrefix(p))
	}
	limits, mux := ratelimit.New(o), http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, limits.Address(r.Context())) })
	return site{httpx.Handler(mux, httpx.Options{
		RequestTimeout: time.Minute, MaxInFlight: 1, Log: slog.New(slog.DiscardHandler), Around: []func(http.Handler) http.Handler{limits.Handler},
	}), t}
}

// ask sends a request of who, from an address and by way of the hops that X-Forwarded-For names.
func (s site) ask(who authz.Principal, method, from string, forwarded ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(authz.With(s.t.Context(), who), method, "/v1/orders", nil)
	r.RemoteAddr = from
	for _, hop := range forwarded {
		r.Header.Add("X-Forwarded-For", hop)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func says(w *httptest.ResponseRecorder) told {
	h := w.Header()
	return told{w.Code, h.Get("RateLimit-Limit"), h.Get("RateLimit-Remaining"), h.Get("RateLimit-Reset"), h.Get("Retry-After")}
}

func (s site) wantLeft(what string, want int, who authz.Principal, method, from string) {
	s.t.Helper()
	if got := says(s.ask(who, method, from)).Remaining; got != fmt.Sprint(want) {
		s.t.Errorf("%s: %s are left, want %d", what, got, want)
	}
}

var nobody authz.Principal

const at = "192.0.2.1:1234"

func TestAnAnswerSaysHowMuchIsLeftAndARefusalWhenToTryAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		var got []told
		for range 3 {
			got = append(got, says(s.ask(nobody, "POST", at)))
		}
		w := s.ask(nobody, "POST", at)
		var problem httpx.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%v: %s", err, w.Body)
		}
		time.Sleep(1500 * time.Millisecond)
		got = append(got, says(s.ask(nobody, "POST", at)))
		want := []told{
			{200, "2", "1", "1", ""}, {200, "2", "0", "2", ""}, {429, "2", "0", "2", "1"}, {200, "2", "0", "2", ""},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		problem.RequestID = ""
		if diff := cmp.Diff(httpx.NewProblem(429, "rate_limited", "too many requests; try again in 1 s"), &problem); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestRequestsCountForWhoSendsThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		shop, inn := id.New(), id.New()
		ann := authz.Principal{Kind: authz.User, ID: id.New(), Tenant: shop}
		ben := authz.Principal{Kind: authz.User, ID: id.New(), Tenant: shop}
		key := authz.Principal{Kind: authz.Key, ID: id.New(), Tenant: shop}
		s.wantLeft("nobody", 9, nobody, "GET", at)
		s.wantLeft("nobody again", 8, nobody, "GET", at)
		s.wantLeft("nobody elsewhere", 9, nobody, "GET", "192.0.2.2:1")
		s.wantLeft("nobody who writes", 1, nobody, "PUT", at)
		s.wantLeft("Ann", 9, ann, "GET", at)
		s.wantLeft("Ben", 9, ben, "GET", at)
		s.wantLeft("a key", 9, key, "HEAD", at)
		ann.Tenant = inn
		s.wantLeft("Ann in another workspace", 8, ann, "GET", at)
		ann.Tenant = id.UUID{}
		s.wantLeft("Ann in none", 7, ann, "GET", at)
	})
}

func TestATenantHasALimitWhateverItsUsers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		shop := id.New()
		passed := 0
		for range 30 {
			who := authz.Principal{Kind: authz.User, ID: id.New(), Tenant: shop}
			if s.ask(who, "POST", at).Code == 200 {
				passed++
			}
		}
		if passed != 20 {
			t.Errorf("30 users of one tenant wrote %d times, want 20", passed)
		}
		if w := s.ask(authz.Principal{Kind: authz.User, ID: id.New(), Tenant: id.New()}, "POST", at); w.Code != 200 {
			t.Errorf("another tenant: %d", w.Code)
		}
	})
}

func TestHealthIsAlwaysAnsweredAndZeroIsNoLimit(t *testing.T) {
	s := newSite(t)
	for range 50 {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/livez", nil)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if got := says(w); got != (told{Status: 200}) {
			t.Fatalf("health: %+v", got)
		}
	}
	s.Handler = ratelimit.New(ratelimit.Options{}).Handler(http.NotFoundHandler())
	for range 50 {
		if got := says(s.ask(nobody, "POST", at)); got != (told{Status: 404}) {
			t.Fatalf("zero: %+v", got)
		}
	}
}

func TestTheAddressIsThatOfTheLastHopThatIsNoProxyOfOurs(t *testing.T) {
	s := newSite(t, "10.0.0.0/8", "fd00::/8")
	for _, test := range []struct {
		want, from string
		forwarded  []string
	}{
		{"192.0.2.1", "192.0.2.1:1234", nil},
		{"192.0.2.1", "192.0.2.1:1234", []string{"198.51.100.7"}},
		{"198.51.100.7", "10.0.0.1:1234", []string{"198.51.100.7"}},
		{"198.51.100.7", "10.0.0.1:1234", []string{"203.0.113.9, 198.51.100.7"}},
		{"198.51.100.7", "10.0.0.1:1234", []string{"203.0.113.9", "198.51.100.7, 10.2.3.4"}},
		{"198.51.100.7", "10.0.0.1:1234", []string{"198.51.100.7:5555,10.2.3.4"}},
		{"198.51.100.7", "[::ffff:10.0.0.1]:1234", []string{"::ffff:198.51.100.7"}},
		{"10.2.3.4", "10.0.0.1:1234", []string{"unknown, 10.2.3.4"}},
		{"10.0.0.1", "10.0.0.1:1234", nil},
		{"2001:db8:1:2::/64", "[2001:db8:1:2:3:4:5:6]:1", nil},
		{"2001:db8:1:2::/64", "[fd00::1]:1", []string{"2001:db8:1:2:ffff::1"}},
		{"", "@", nil},
	} {
		if got := s.ask(authz.Principal{Kind: authz.User, ID: id.New()}, "GET", test.from, test.forwarded...).Body.String(); got != test.want {
			t.Errorf("%s by way of %q is %q, want %q", test.from, test.forwarded, got, test.want)
		}
	}
}

func TestAttackAForgedXForwardedFor(t *testing.T) {
	t.Attr("tried", "another X-Forwarded-For with each request, to be somebody else each time")
	t.Attr("stopped", "the header counts only as far as our own proxies wrote it, and IPv6 by its /64")
	for name, send := range map[string]func(s site, i int) *httptest.ResponseRecorder{
		"straight": func(s site, i int) *httptest.ResponseRecorder {
			return s.ask(nobody, "POST", at, fmt.Sprintf("198.51.100.%d", i))
		},
		"through the proxy": func(s site, i int) *httptest.ResponseRecorder {
			return s.ask(nobody, "POST", "10.0.0.1:1", fmt.Sprintf("198.51.100.%d, 192.0.2.1", i))
		},
		"as the proxy": func(s site, i int) *httptest.ResponseRecorder {
			return s.ask(nobody, "POST", "10.0.0.1:1", fmt.Sprintf("198.51.100.%d, 10.0.0.%d, 192.0.2.1", i, i))
		},
		"by IPv6": func(s site, i int) *httptest.ResponseRecorder {
			return s.ask(nobody, "POST", fmt.Sprintf("[2001:db8::%x:%x]:1", i, i))
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newSite(t, "10.0.0.0/8")
			passed := 0
			for i := range 50 {
				if send(s, i).Code == 200 {
					passed++
				}
			}
			if passed != 2 {
				t.Errorf("%s: %d of 50 passed, want 2", name, passed)
			}
		})
	}
}
