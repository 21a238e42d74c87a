package oidc

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// How long what a provider says of itself is believed, its keys among it, and how long it is left alone when it does not answer.
const (
	metadataTime = time.Hour
	failureTime  = 5 * time.Second
)

// metadata is what is known of the provider.
type metadata struct {
	mu    sync.Mutex
	found *discovered
	err   error
	until time.Time
}

// discovered is the discovery document, and what was made of it.
type discovered struct {
	oidc.ProviderConfig

	SaysIssuer  bool     `json:"authorization_response_iss_parameter_supported"`
	AuthMethods []string `json:"token_endpoint_auth_methods_supported"`

	client   *http.Client
	provider *oidc.Provider
	oauth    func() *oauth2.Config // a closure: it holds the client secret
}

// discover asks the provider who it is, at most once in the time that an answer, or a failure, is kept.
func (p *Provider) discover(ctx context.Context) (*discovered, error) {
	m := &p.metadata
	m.mu.Lock()
	defer m.mu.Unlock()
	if time.Now().Before(m.until) {
		return m.found, m.err
	}
	life := metadataTime
	m.found, m.err = p.ask(context.WithoutCancel(ctx)) // others wait for it, too
	if m.err != nil {
		life, m.err = failureTime, fmt.Errorf("%w: %w", ErrUnavailable, m.err)
		p.Log.WarnContext(ctx, "the provider of sign-ins is not understood", "issuer", p.Issuer, "reason", m.err)
	}
	m.until = time.Now().Add(life)
	return m.found, m.err
}

func (p *Provider) ask(ctx context.Context) (*discovered, error) {
	issuer, err := url.Parse(p.Issuer)
	if err != nil {
		return nil, err
	}
	first, err := oidc.NewProvider(oidc.ClientContext(ctx, newClient(&egress{hosts: []string{host(issuer)}})), p.Issuer)
	if err != nil {
		return nil, err
	}
	m := &discovered{}
	if err := first.Claims(m); err != nil {
		return nil, err
	}
	out := &egress{keys: m.JWKSURL}
	for _, endpoint := range []string{m.AuthURL, m.TokenURL, m.JWKSURL, m.UserInfoURL} {
		u, err := url.Parse(endpoint)
		if optional := endpoint == "" && endpoint == m.UserInfoURL; optional {
			continue
		}
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != issuer.Scheme {
			return nil, fmt.Errorf("its endpoint %.100q is not an address with TLS", endpoint)
		}
		out.hosts = append(out.hosts, host(u))
	}
	m.client = newClient(out)
	m.provider = m.NewProvider(oidc.ClientContext(ctx, m.client))
	endpoint := m.provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInHeader // what a document without the list means
	if len(m.AuthMethods) > 0 && !slices.Contains(m.AuthMethods, "client_secret_basic") {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	m.oauth = func() *oauth2.Config {
		return &oauth2.Config{
			ClientID: p.ClientID, ClientSecret: p.ClientSecret.Reveal(), RedirectURL: p.Callback, Endpoint: endpoint,
			Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
		}
	}
	return m, nil
}
