package oidc_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"sync"
	"testing"
	"time"

	"example.com/myapp/internal/vendors/oidc"
	"example.com/myapp/internal/vendors/oidc/oidctest"
)

// refuses says what is wrong unless each of the ID tokens, bent from a good one, is refused.
func refuses(t *testing.T, bent map[string]func(*oidctest.Token)) {
	t.Helper()
	p := oidctest.New(t)
	if _, err := signIn(t, p, p.Open(t)); err != nil {
		t.Fatalf("what is not bent: %v", err)
	}
	for what, bend := range bent {
		p.BendToken = bend
		done, err := signIn(t, p, p.Open(t))
		if !errors.Is(err, oidc.ErrRefused) || done.Subject != "" {
			t.Errorf("%s: signed in as %q, %v", what, done.Subject, err)
		}
	}
}

func claim(name string, value any) func(*oidctest.Token) {
	return func(t *oidctest.Token) {
		t.Claims[name] = value
		if value == nil {
			delete(t.Claims, name)
		}
	}
}

func TestAttackAnIDTokenThatNobodySigned(t *testing.T) {
	t.Attr("tried", "sign in with an ID token of alg=none, or one that another key signed")
	t.Attr("stopped", "asymmetric algorithms only, and the keys of the provider")
	unsigned := func(alg string) func(*oidctest.Token) {
		return func(t *oidctest.Token) {
			t.Header["alg"], t.Sign = alg, func([]byte) []byte { return nil }
		}
	}
	refuses(t, map[string]func(*oidctest.Token){
		"none": unsigned("none"), "None": unsigned("None"), "no algorithm": unsigned(""), "no signature": unsigned("ES256"),
		"the key of another": func(t *oidctest.Token) {
			key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
			t.Sign = func(text []byte) []byte { return oidctest.Sign(key, text) }
			if err != nil {
				t.Sign = nil
			}
		},
		"a key in the token": func(t *oidctest.Token) {
			t.Header["jwk"] = map[string]any{"kty": "oct", "k": oidctest.Encode([]byte("key"))}
			t.Header["alg"], t.Sign = "HS256", authenticated([]byte("key"))
		},
	})
}

func authenticated(key []byte) func([]byte) []byte {
	return func(text []byte) []byte {
		mac := hmac.New(sha256.New, key)
		mac.Write(text)
		return mac.Sum(nil)
	}
}

func TestAttackThePublicKeyAsASecret(t *testing.T) {
	t.Attr("tried", "authenticate an ID token by HS256 with what everybody knows: the public key, or nothing")
	t.Attr("stopped", "an allow-list without symmetric algorithms, whatever the provider says it supports")
	p := oidctest.New(t)
	app := p.Open(t)
	der, err := x509.MarshalPKIXPublicKey(&p.Key().PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	point, err := p.Key().PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for what, key := range map[string][]byte{
		"DER": der, "PEM": pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), "the point": point, "nothing": {},
		"the name of the application": []byte(oidctest.ClientID),
	} {
		p.BendToken = func(t *oidctest.Token) { t.Header["alg"], t.Sign = "HS256", authenticated(key) }
		if done, err := signIn(t, p, app); !errors.Is(err, oidc.ErrRefused) {
			t.Errorf("%s: signed in as %q, %v", what, done.Subject, err)
		}
	}
}

func TestAttackAnIDTokenForAnother(t *testing.T) {
	t.Attr("tried", "sign in with an ID token for another application, of another provider, or for several")
	t.Attr("stopped", "iss, aud and azp are compared, and there is one audience")
	refuses(t, map[string]func(*oidctest.Token){
		"another audience":                claim("aud", "another"),
		"no audience":                     claim("aud", nil),
		"several audiences":               claim("aud", []string{oidctest.ClientID, "another"}),
		"another party":                   claim("azp", "another"),
		"another issuer":                  claim("iss", "https://another.example.com"),
		"the issuer with a slash":         func(t *oidctest.Token) { t.Claims["iss"] = t.Claims["iss"].(string) + "/" },
		"no issuer":                       claim("iss", nil),
		"no subject":                      claim("sub", nil),
		"the access token of another one": claim("at_hash", oidctest.Encode(make([]byte, 16))),
	})
}

func TestAttackAnIDTokenOfAnotherTime(t *testing.T) {
	t.Attr("tried", "sign in with an ID token that is over, old, or not valid yet")
	t.Attr("stopped", "exp, iat and nbf are compared, with a minute for clocks that differ")
	in := func(d time.Duration) int64 { return time.Now().Add(d).Unix() }
	refuses(t, map[string]func(*oidctest.Token){
		"over":             claim("exp", in(-2*time.Minute)),
		"without end":      claim("exp", nil),
		"old":              claim("iat", in(-12*time.Minute)),
		"of the future":    claim("iat", in(2*time.Minute)),
		"of no time":       claim("iat", nil),
		"not valid yet":    claim("nbf", in(2*time.Minute)),
		"a time as a text": claim("exp", "tomorrow"),
	})
	p := oidctest.New(t)
	p.BendToken = func(t *oidctest.Token) {
		t.Claims["iat"], t.Claims["nbf"], t.Claims["exp"] = in(30*time.Second), in(30*time.Second), in(-30*time.Second)
	}
	if _, err := signIn(t, p, p.Open(t)); err != nil {
		t.Errorf("clocks that differ by half a minute: %v", err)
	}
}

func TestAttackTheNonceOfAnotherSignIn(t *testing.T) {
	t.Attr("tried", "answer a sign-in with an ID token that was made for another one")
	t.Attr("stopped", "the nonce is compared with that in the cookie")
	used := ""
	refuses(t, map[string]func(*oidctest.Token){
		"the nonce of another": claim("nonce", "another"), "no nonce": claim("nonce", nil), "an empty nonce": claim("nonce", ""),
		"the nonce as a list": claim("nonce", []string{"another"}),
	})
	p := oidctest.New(t)
	p.BendToken = func(t *oidctest.Token) {
		if used == "" {
			used = t.Claims["nonce"].(string)
		}
		t.Claims["nonce"] = used
	}
	app := p.Open(t)
	_, first := signIn(t, p, app)
	_, second := signIn(t, p, app)
	if first != nil || !errors.Is(second, oidc.ErrRefused) {
		t.Errorf("the first: %v, with the same nonce again: %v", first, second)
	}
}

func TestAttackASignInThatAnotherBrowserBegan(t *testing.T) {
	t.Attr("tried", "have a victim finish the sign-in of the attacker, and so work in the account of the attacker")
	t.Attr("stopped", "the state must be that of the browser's own encrypted cookie")
	p := oidctest.New(t)
	app := p.Open(t)
	location, eve, err := app.Begin(t.Context(), oidc.Request{ReturnTo: "/"})
	if err != nil {
		t.Fatal(err)
	}
	_, ann, err := app.Begin(t.Context(), oidc.Request{ReturnTo: "/"})
	if err != nil {
		t.Fatal(err)
	}
	other, err := oidc.New(oidc.Options{Issuer: p.URL, ClientID: oidctest.ClientID})
	if err != nil {
		t.Fatal(err)
	}
	_, foreign, _ := other.Begin(t.Context(), oidc.Request{ReturnTo: "/"})
	for what, cookie := range map[string]string{
		"no cookie": "", "a cookie of her own": ann, "a cookie that was changed": eve[:len(eve)-8] + "AAAAAAAA", "another text": "eyJTdGF0ZSI6IiJ9",
		"a cookie of another secret": foreign,
	} {
		answer := p.SignIn(t, location)
		answer.Cookie = cookie
		if done, err := app.Finish(t.Context(), answer); !errors.Is(err, oidc.ErrStale) {
			t.Errorf("%s: signed in as %q, %v", what, done.Subject, err)
		}
	}
	if _, err := app.Finish(t.Context(), oidc.Answer{Code: "x", Cookie: eve}); !errors.Is(err, oidc.ErrStale) {
		t.Errorf("without a state: %v", err)
	}
	if n := p.Asked("/token"); n != 0 {
		t.Errorf("%d codes were shown to the provider", n)
	}
}

func TestAttackACodeThatWasStolen(t *testing.T) {
	t.Attr("tried", "put the code of a victim into a sign-in of the attacker")
	t.Attr("stopped", "PKCE; and where the provider does not look at it, the nonce")
	for _, careless := range []bool{false, true} {
		p := oidctest.New(t)
		p.Careless = careless
		app := p.Open(t)
		victim, _, err := app.Begin(t.Context(), oidc.Request{ReturnTo: "/"})
		if err != nil {
			t.Fatal(err)
		}
		stolen := p.SignIn(t, victim).Code
		location, cookie, err := app.Begin(t.Context(), oidc.Request{ReturnTo: "/"})
		if err != nil {
			t.Fatal(err)
		}
		answer := p.SignIn(t, location)
		answer.Code, answer.Cookie = stolen, cookie
		if done, err := app.Finish(t.Context(), answer); !errors.Is(err, oidc.ErrRefused) {
			t.Errorf("careless %v: signed in as %q, %v", careless, done.Subject, err)
		}
	}
}

func TestAttackTheCodeOfAnotherProvider(t *testing.T) {
	t.Attr("tried", "have a code of an honest provider shown to the attacker's, and the reverse (mix-up)")
	t.Attr("stopped", "the issuer in the answer is compared (RFC 9207), before any code is shown")
	for _, supported := range []bool{true, false} {
		p := oidctest.New(t)
		p.BendMetadata = func(m map[string]any) { m["authorization_response_iss_parameter_supported"] = supported }
		app := p.Open(t)
		issuers := map[string]bool{"https://evil.example.com": false, p.URL + "/": false, p.URL: true, "": !supported}
		for issuer, good := range issuers {
			location, cookie, err := app.Begin(t.Context(), oidc.Request{ReturnTo: "/"})
			if err != nil {
				t.Fatal(err)
			}
			before := p.Asked("/token")
			answer := p.SignIn(t, location)
			answer.Issuer, answer.Cookie = issuer, cookie
			_, err = app.Finish(t.Context(), answer)
			if good != (err == nil) || !good && (!errors.Is(err, oidc.ErrRefused) || p.Asked("/token") != before) {
				t.Errorf("supported %v, issuer %q: %v", supported, issuer, err)
			}
		}
	}
}

func TestAttackTheAddressOfAnotherFromTheUserinfo(t *testing.T) {
	t.Attr("tried", "have the userinfo tell the address of somebody else")
	t.Attr("stopped", "it counts for the subject of the ID token only")
	p := oidctest.New(t)
	p.Terse = true
	for what, bend := range map[string]func(map[string]any){
		"another subject": func(m map[string]any) { m["sub"] = "subject-of-ben" }, "no subject": func(m map[string]any) { delete(m, "sub") },
	} {
		p.BendUserInfo = bend
		if done, err := signIn(t, p, p.Open(t)); !errors.Is(err, oidc.ErrRefused) {
			t.Errorf("%s: signed in as %q, %v", what, done.Email, err)
		}
	}
}

func TestAttackAFloodOfKeysThatNobodyKnows(t *testing.T) {
	t.Attr("tried", "make the application fetch keys without end, by ID tokens of unknown keys")
	t.Attr("stopped", "keys are fetched five times a minute at most")
	p := oidctest.New(t)
	app := p.Open(t)
	if _, err := signIn(t, p, app); err != nil {
		t.Fatal(err)
	}
	p.BendToken = func(t *oidctest.Token) { t.Header["kid"] = rand.Text() }
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			for range 10 {
				if _, err := signIn(t, p, app); !errors.Is(err, oidc.ErrRefused) {
					t.Errorf("got %v", err)
				}
			}
		})
	}
	all.Wait()
	if n := p.Asked("/keys"); n > 5 {
		t.Errorf("a hundred unknown keys made %d fetches", n)
	}
	p.BendToken = nil
	if _, err := signIn(t, p, app); err != nil {
		t.Errorf("afterwards, with a key that is known: %v", err)
	}
}
