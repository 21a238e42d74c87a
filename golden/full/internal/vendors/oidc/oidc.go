// Package oidc has people sign in at an OpenID Connect provider: Auth0, Clerk, Google, Supabase, or any other.
//
//	Begin -> the browser goes to the provider -> it brings a code -> Finish -> Person
//
// It is the authorization code flow with PKCE. State, nonce and verifier are in a cookie of the browser, encrypted, so that who
// brings a code is who was sent for it, and a code that was stolen elsewhere is worth nothing here. What the provider says is
// believed if it is signed by a key of the provider with an asymmetric algorithm, and was said to this application, just now,
// and in answer to this very question. That an answer is taken once, is for who calls Finish.
//
// The provider is asked when it is needed, not at start: the application runs without it. Requests go to the hosts of its
// discovery document and to no others, follow no redirect, end after five seconds, and read 1 MiB at most.
package oidc

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"example.com/myapp/internal/platform/secret"
)

// FlowTime is how long somebody may take to sign in at the provider.
const FlowTime = 10 * time.Minute

// The errors of a sign-in. What exactly is wrong with an answer is told to the log alone.
var (
	// ErrStale is for a browser that was not sent to the provider, or too long ago.
	ErrStale = errors.New("this sign-in was begun in another browser, or too long ago; begin again")

	// ErrDeclined is for a person, or a provider, that does not want to.
	ErrDeclined = errors.New("the provider signed nobody in")

	// ErrRefused is for an answer that is not to be believed.
	ErrRefused = errors.New("the answer of the provider is not valid for this sign-in; begin again")

	// ErrUnavailable is for a provider that cannot be asked.
	ErrUnavailable = errors.New("the provider cannot be reached; try again later")
)

// Options are what the application and the provider know of each other.
type Options struct {
	// Issuer is the address of the provider, exactly as it calls itself: that of Auth0 ends with a slash, that of Google does not.
	Issuer string

	// ClientID and ClientSecret are the name of the application at the provider, and its password there.
	ClientID     string
	ClientSecret secret.String

	// Callback is where the provider sends browsers back to. It knows the address from its own settings, too.
	Callback string

	// Log is told why an answer was refused.
	Log *slog.Logger
}

// Provider is one that people sign in at. It is safe for concurrent use.
type Provider struct {
	Options

	cookie   sealer
	metadata metadata
}

// New returns a provider, which it does not ask yet.
func New(o Options) (*Provider, error) {
	cookie, err := newSealer(o)
	if err != nil {
		return nil, fmt.Errorf("derive the key of cookies: %w", err)
	}
	return &Provider{Options: o, cookie: cookie}, nil
}

// Person is who signed in.
type Person struct {
	// Issuer and Subject name the person for ever. An address does not: it may be somebody else's next year.
	Issuer, Subject string

	// Email is what the provider has as the address, and EmailVerified whether it has made sure of it.
	Email         string
	EmailVerified bool

	Name string

	// Proved is when the person has last shown the provider who it is, which may be long ago; zero if the provider does not say.
	Proved time.Time
}

// Request is what a sign-in is begun with.
type Request struct {
	// ReturnTo is handed through.
	ReturnTo string

	// Again has the provider ask for a proof also of whom it knows. Not every one does.
	Again bool
}

// Begin returns where the browser goes to sign in, and the value of the cookie that it must bring back.
func (p *Provider) Begin(ctx context.Context, r Request) (location, cookie string, err error) {
	m, err := p.discover(ctx)
	if err != nil {
		return "", "", err
	}
	f := newFlow(r.ReturnTo)
	options := append(r.options(), oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier))
	return m.oauth().AuthCodeURL(f.State, options...), p.cookie.seal(f), nil
}

// Answer is what the browser brings back: the parameters of the callback, and the cookie.
type Answer struct {
	Code, State, Issuer, Error string

	Cookie string
}

// Done is a sign-in that ended well.
type Done struct {
	Person

	// ReturnTo is what Begin was given.
	ReturnTo string

	// Once is the same for the same answer: who takes an answer twice has been deceived. It is no secret.
	Once []byte
}

// Finish returns who has signed in. Its errors are those of this package. After any but ErrStale the cookie is worth nothing.
func (p *Provider) Finish(ctx context.Context, a Answer) (Done, error) {
	f, ok := p.cookie.open(a.Cookie)
	if !ok || subtle.ConstantTimeCompare([]byte(f.State), []byte(a.State)) != 1 {
		return Done{}, ErrStale
	}
	m, err := p.discover(ctx)
	if err != nil {
		return Done{}, err
	}
	person, err := m.finish(ctx, a, f)
	if err != nil {
		p.Log.WarnContext(ctx, "nobody is signed in through the provider", "reason", err)
		return Done{}, err
	}
	return Done{Person: person, ReturnTo: f.ReturnTo, Once: f.once()}, nil
}

// finish verifies the answer, and then what the provider gives for its code.
func (m *discovered) finish(ctx context.Context, a Answer, f flow) (Person, error) {
	// By RFC 9207: a code of another provider must not be shown to this one.
	if m.SaysIssuer && a.Issuer != m.IssuerURL || a.Issuer != "" && a.Issuer != m.IssuerURL {
		return Person{}, fmt.Errorf("%w: it comes from the issuer %.100q", ErrRefused, a.Issuer)
	}
	if a.Error != "" || a.Code == "" {
		return Person{}, fmt.Errorf("%w: %.100q", ErrDeclined, cmp.Or(a.Error, "no code"))
	}
	ctx = oidc.ClientContext(ctx, m.client)
	token, err := m.oauth().Exchange(ctx, a.Code, oauth2.VerifierOption(f.Verifier))
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok && refused.Response.StatusCode < 500 {
		return Person{}, fmt.Errorf("%w: the code is refused: %.100q", ErrRefused, refused.ErrorCode) // the body may hold more than is to be logged
	}
	if err != nil {
		return Person{}, fmt.Errorf("%w: exchange the code: %w", ErrUnavailable, err)
	}
	return m.person(ctx, token, f.Nonce)
}
