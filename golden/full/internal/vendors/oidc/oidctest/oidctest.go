// Package oidctest is an OpenID Connect provider for tests. It does what it is told to, also what no honest one does.
package oidctest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"example.com/myapp/internal/platform/secret"
	"example.com/myapp/internal/vendors/oidc"
)

// What the provider knows of the application, as it would of any.
const (
	ClientID     = "application"
	ClientSecret = "canary-client-secret"
)

// Person is who is signed in at the provider.
type Person struct {
	Subject, Email, Name string

	Verified bool

	// Since is when the person has shown who it is. Zero is for a provider that does not say it.
	Since time.Time
}

// Token is an ID token before it is signed.
type Token struct {
	Header, Claims map[string]any

	// Sign makes the signature of the text before the last dot.
	Sign func(text []byte) []byte
}

// Provider is the provider. What its fields hold is changed between requests.
type Provider struct {
	*httptest.Server

	Person Person

	// Callback is where it sends browsers back to.
	Callback string

	// Bend changes what it says: of itself, in an ID token, and when it is asked about a person.
	BendMetadata, BendUserInfo func(map[string]any)
	BendToken                  func(*Token)

	// Terse is a provider with the address in its userinfo only; Careless is one that does not compare the verifier of PKCE,
	// and Forgetful is one that exchanges a code again and again.
	Terse, Careless, Forgetful bool

	mu    sync.Mutex
	asked map[string]int
	codes map[string]url.Values
	keys  map[string]*ecdsa.PrivateKey
	keyID string
}

// New starts a provider at which ann is signed in.
func New(t testing.TB) *Provider {
	t.Helper()
	p := &Provider{
		Person:   Person{Subject: "subject-of-ann", Email: "ann@example.com", Name: "Ann", Verified: true},
		Callback: "https://example.com/callback",
		asked:    map[string]int{}, codes: map[string]url.Values{}, keys: map[string]*ecdsa.PrivateKey{},
	}
	p.Rotate()
	p.Server = httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(p.Close)
	return p
}

// Options are those of an application that the provider knows.
func (p *Provider) Options(t testing.TB) oidc.Options {
	return oidc.Options{
		Issuer: p.URL, ClientID: ClientID, ClientSecret: secret.New(ClientSecret), Callback: p.Callback,
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
}

// Open returns an application that the provider knows.
func (p *Provider) Open(t testing.TB) *oidc.Provider {
	t.Helper()
	opened, err := oidc.New(p.Options(t))
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

// Rotate has the provider sign with a new key from here on. The older ones are gone.
func (p *Provider) Rotate() {
	p.mu.Lock()
	defer p.mu.Unlock()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	p.keyID = rand.Text()
	p.keys = map[string]*ecdsa.PrivateKey{p.keyID: key}
}

// Key is the key that it signs with.
func (p *Provider) Key() *ecdsa.PrivateKey {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.keys[p.keyID]
}

// Asked is how often a path was asked for.
func (p *Provider) Asked(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[path]
}

// SignIn is what a person does there: the browser comes to location, and is sent back with what SignIn returns.
func (p *Provider) SignIn(t testing.TB, location string) oidc.Answer {
	t.Helper()
	u, err := url.Parse(location)
	if err != nil {
		t.Fatal(err)
	}
	asked := u.Query()
	want := url.Values{
		"response_type": {"code"}, "client_id": {ClientID}, "redirect_uri": {p.Callback},
		"scope": {"openid email profile"}, "code_challenge_method": {"S256"},
	}
	for name := range want {
		if asked.Get(name) != want.Get(name) {
			t.Errorf("%s is %q, want %q", name, asked.Get(name), want.Get(name))
		}
	}
	for _, name := range []string{"state", "nonce", "code_challenge"} {
		if len(asked.Get(name)) != 43 {
			t.Errorf("%s is %q, and no 256 random bits", name, asked.Get(name))
		}
	}
	code := rand.Text()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.codes[code] = asked
	if asked.Get("prompt") == "login" && !p.Person.Since.IsZero() {
		p.Person.Since = time.Now()
	}
	return oidc.Answer{Code: code, State: asked.Get("state"), Issuer: p.URL}
}

func (p *Provider) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asked[r.URL.Path]++
	p.mu.Unlock()
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		answer(w, bent(p.BendMetadata, map[string]any{
			"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"userinfo_endpoint": p.URL + "/userinfo", "authorization_response_iss_parameter_supported": true,
			"id_token_signing_alg_values_supported": []string{"ES256", "HS256", "none"},
		}))
	case "/keys":
		answer(w, map[string]any{"keys": p.publicKeys()})
	case "/token":
		p.token(w, r)
	case "/userinfo":
		answer(w, bent(p.BendUserInfo, p.about(map[string]any{"sub": p.Person.Subject})))
	default:
		http.NotFound(w, r)
	}
}

func (p *Provider) about(claims map[string]any) map[string]any {
	maps.Copy(claims, map[string]any{"email": p.Person.Email, "email_verified": p.Person.Verified, "name": p.Person.Name})
	return claims
}

func (p *Provider) publicKeys() (all []map[string]any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for keyID, key := range p.keys {
		point, _ := key.PublicKey.Bytes() // 4, x, y
		x, y := Encode(point[1:33]), Encode(point[33:])
		all = append(all, map[string]any{"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": keyID, "x": x, "y": y})
	}
	return all
}

// token exchanges a code, once, for who authenticates and has the verifier.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	user, password, _ := r.BasicAuth()
	p.mu.Lock()
	asked, ok := p.codes[r.FormValue("code")]
	if !p.Forgetful {
		delete(p.codes, r.FormValue("code"))
	}
	p.mu.Unlock()
	challenge := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	same := asked.Get("code_challenge") == Encode(challenge[:]) || p.Careless
	if !ok || !same || user != ClientID || password != ClientSecret || r.FormValue("redirect_uri") != p.Callback {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		answer(w, map[string]any{"error": "invalid_grant", "error_description": "canary-description"})
		return
	}
	access := rand.Text()
	answer(w, map[string]any{
		"access_token": access, "token_type": "Bearer", "expires_in": 60, "id_token": p.idToken(asked, access),
	})
}

func (p *Provider) idToken(asked url.Values, access string) string {
	key, hash := p.Key(), sha256.Sum256([]byte(access))
	now := time.Now().Unix()
	token := &Token{
		Header: map[string]any{"alg": "ES256", "kid": p.keyID},
		Claims: map[string]any{
			"iss": p.URL, "sub": p.Person.Subject, "aud": ClientID, "azp": ClientID, "iat": now, "nbf": now, "exp": now + 300,
			"nonce": asked.Get("nonce"), "at_hash": Encode(hash[:16]),
		},
		Sign: func(text []byte) []byte { return Sign(key, text) },
	}
	if asked.Has("max_age") && !p.Person.Since.IsZero() {
		token.Claims["auth_time"] = p.Person.Since.Unix()
	}
	if !p.Terse {
		token.Claims = p.about(token.Claims)
	}
	if p.BendToken != nil {
		p.BendToken(token)
	}
	header, _ := json.Marshal(token.Header)
	claims, _ := json.Marshal(token.Claims)
	text := Encode(header) + "." + Encode(claims)
	return text + "." + Encode(token.Sign([]byte(text)))
}

// Sign signs as ES256 does.
func Sign(key *ecdsa.PrivateKey, text []byte) []byte {
	hash := sha256.Sum256(text)
	r, s, err := ecdsa.Sign(rand.Reader, key, hash[:])
	if err != nil {
		panic(err)
	}
	return slices.Concat(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32)))
}

// Encode is the base64 of JSON Web Tokens.
func Encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func bent(bend func(map[string]any), m map[string]any) map[string]any {
	if bend != nil {
		bend(m)
	}
	return m
}

func answer(w http.ResponseWriter, body map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}
