package identity

import (
	"context"
	"errors"
	"net/http"

	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/vendors/oidc"
)

// providerRoutes are two addresses that a browser goes to, not a script: they answer with a redirect.
func (s *Service) providerRoutes(api *httpx.API) {
	start := reads("/oidc/start", "begin-sign-in", "Sign in through the provider: the browser is sent there")
	start.Access, start.DefaultStatus = httpx.Public, http.StatusSeeOther
	httpx.Register(api, start, s.beginSignIn)
	callback := changes(http.MethodGet, "/oidc/callback", "finish-sign-in", "Where the provider sends the browser back to: the answer sets the session cookie",
		httpx.Public, "signed_in_by_provider")
	callback.DefaultStatus = http.StatusSeeOther
	httpx.Register(api, callback, s.finishSignIn)

	api.Refuse(
		httpx.Refusal{Err: ErrNoProvider, Status: http.StatusNotFound, Code: "provider_none"},
		httpx.Refusal{Err: ErrReturnTo, Status: http.StatusUnprocessableEntity, Code: "return_to_invalid"},
	)
}

// sentBack sends a browser whose sign-in is refused to the page of the application that begins another one: a person reads what
// is answered here, and no program. The page is told the code of the refusal. What nobody can mend stays an error.
func (s *Service) sentBack(err error) (*redirectOutput, error) {
	code := ""
	for refusal, itsCode := range map[error]string{
		ErrUnproved: "email_unverified", ErrTaken: "email_taken",
		oidc.ErrStale: "sign_in_stale", oidc.ErrDeclined: "sign_in_declined", oidc.ErrRefused: "sign_in_refused",
		oidc.ErrUnavailable: "provider_unavailable",
	} {
		if errors.Is(err, refusal) {
			code = itsCode
		}
	}
	if problem, ok := errors.AsType[*httpx.Problem](err); ok {
		code = problem.Code
	}
	if code == "" {
		return nil, err
	}
	return &redirectOutput{Location: s.URL + "/login?error=" + code}, nil
}

// redirectOutput sends a browser elsewhere, with cookies.
type redirectOutput struct {
	Location  string   `header:"Location"`
	SetCookie []string `header:"Set-Cookie"`
}

// flowCookie is what the browser keeps while it is at the provider. The prefix is that of the session cookie.
func (s *Service) flowCookie(value string, maxAge int) string {
	c := http.Cookie{ //nolint:gosec // it is Secure wherever there is TLS; development has none
		Name: "oidc", Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	}
	if s.Secure {
		c.Name = "__Host-oidc"
	}
	return c.String()
}

type beginInput struct {
	ReturnTo string `query:"return_to" default:"/" doc:"The path of this site where the browser ends"`
	Again    bool   `query:"again" doc:"Have the provider ask for a proof, also if it knows the browser"`
}

func (s *Service) beginSignIn(ctx context.Context, in *beginInput) (*redirectOutput, error) {
	location, cookie, err := s.BeginSignIn(ctx, oidc.Request{ReturnTo: in.ReturnTo, Again: in.Again})
	if err != nil {
		return s.sentBack(err)
	}
	return &redirectOutput{location, []string{s.flowCookie(cookie, int(oidc.FlowTime.Seconds()))}}, nil
}

type finishInput struct {
	UserAgent string `header:"User-Agent"`

	Code   string `query:"code"`
	State  string `query:"state"`
	Issuer string `query:"iss"`
	Error  string `query:"error"`

	Secure string `cookie:"__Host-oidc"`
	Plain  string `cookie:"oidc" doc:"Where there is no TLS"`
}

func (s *Service) finishSignIn(ctx context.Context, in *finishInput) (*redirectOutput, error) {
	cookie := in.Plain
	if s.Secure {
		cookie = in.Secure
	}
	text, returnTo, err := s.FinishSignIn(ctx, ProviderAnswer{
		Answer:    oidc.Answer{Code: in.Code, State: in.State, Issuer: in.Issuer, Error: in.Error, Cookie: cookie},
		UserAgent: in.UserAgent,
	})
	if err != nil {
		return s.sentBack(err)
	}
	session, err := s.signedIn(text, nil)
	if err != nil {
		return nil, err
	}
	return &redirectOutput{s.URL + returnTo, []string{session.SetCookie, s.flowCookie("", -1)}}, nil
}
