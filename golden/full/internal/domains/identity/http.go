package identity

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"example.com/myapp/internal/domains/identity/internal/password"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/secret"
)

// Routes adds the routes of the domain to api.
func (s *Service) Routes(api *httpx.API) {
	httpx.Register(api, mails("/signup", "sign-up", "Sign up: a mail follows"), s.signUp)
	httpx.Register(api, changes("POST", "/verify", "verify", "Finish signing up with the link of the mail", httpx.Public, "user_verified"), s.verify)
	logIn := changes("POST", "/login", "log-in", "Log in: the answer sets the session cookie", httpx.Public, "logged_in")
	logIn = codeAsked(logIn)
	httpx.Register(api, logIn, s.logIn)
	httpx.Register(api, changes("POST", "/logout", "log-out", "Log out", httpx.SignedIn, "logged_out"), s.logOut)

	httpx.Register(api, mails("/password/forgot", "forgot-password", "Ask for a link to choose a new password"), s.forgot)
	httpx.Register(api, changes("POST", "/password/reset", "reset-password", "Choose a new password with the link of the mail",
		httpx.Public, "password_reset"), s.reset)
	httpx.Register(api, changes("PUT", "/password", "change-password", "Change the password: all other sessions end",
		httpx.SignedIn, "password_changed"), s.change)

	httpx.Register(api, reads("/me", "get-me", "The user who is signed in"), s.me)
	httpx.Register(api, reads("/sessions", "list-sessions", "Where the user is signed in"), httpx.All(s.Sessions))
	httpx.Register(api, changes("DELETE", "/sessions/{id}", "revoke-session", "End one session", httpx.SignedIn, "session_revoked"), s.revoke)
	httpx.Register(api, changes("DELETE", "/sessions", "revoke-other-sessions", "End all sessions but this one",
		httpx.SignedIn, "sessions_revoked"), s.revokeOthers)

	s.providerRoutes(api)

	s.factorRoutes(api)

	api.Refuse(
		httpx.Refusal{Err: ErrCredentials, Status: http.StatusUnauthorized, Code: "credentials_wrong"},
		httpx.Refusal{Err: ErrToken, Status: http.StatusUnprocessableEntity, Code: "link_invalid"},
		httpx.Refusal{Err: ErrEmail, Status: http.StatusUnprocessableEntity, Code: "email_invalid", Field: "body.email"},
		httpx.Refusal{Err: ErrName, Status: http.StatusUnprocessableEntity, Code: "name_invalid", Field: "body.name"},
		httpx.Refusal{Err: ErrNotFound, Status: http.StatusNotFound, Code: "session_not_found"},
		httpx.Refusal{Err: password.ErrLength, Status: http.StatusUnprocessableEntity, Code: "password_length"},
		httpx.Refusal{Err: password.ErrCommon, Status: http.StatusUnprocessableEntity, Code: "password_common"},
		httpx.Refusal{Err: password.ErrBusy, Status: http.StatusServiceUnavailable, Code: "overloaded"},
	)
}

// changes is an operation that changes something, and how the history calls it.
func changes(method, path, name, summary string, access httpx.Access, audit string) httpx.Operation {
	return httpx.Operation{
		Operation: huma.Operation{
			OperationID: name, Summary: summary, Tags: []string{"identity"},
			Method: method, Path: "/v1/identity" + path, DefaultStatus: http.StatusNoContent,
		},
		Access: access,
		Audit:  "identity." + audit,
	}
}

// mails is one after which a mail follows, and nothing else.
func mails(path, name, summary string) httpx.Operation {
	op := changes("POST", path, name, summary, httpx.Public, "")
	op.DefaultStatus = http.StatusAccepted
	op.Audit = httpx.NotAudited("nothing has happened until the link is used")
	return op
}

// reads is one that changes nothing.
func reads(path, name, summary string) httpx.Operation {
	op := changes("GET", path, name, summary, httpx.SignedIn, "")
	op.DefaultStatus = http.StatusOK
	op.Audit = ""
	return op
}

// cookieName has a prefix by which browsers refuse the cookie from another host, or without TLS.
func (s *Service) cookieName() string {
	if s.Secure {
		return "__Host-session"
	}
	return "session"
}

// Token returns the token of the session cookie of r, or "".
func (s *Service) Token(r *http.Request) string {
	c, err := r.Cookie(s.cookieName())
	if err != nil {
		return ""
	}
	return c.Value
}

// cookieOutput sets or drops the session cookie.
type cookieOutput struct {
	SetCookie string `header:"Set-Cookie"`

	Status int
}

func (s *Service) cookie(value string, maxAge int) *cookieOutput {
	c := http.Cookie{ //nolint:gosec // it is Secure wherever there is TLS; development has none
		Name: s.cookieName(), Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	}
	return &cookieOutput{
		SetCookie: c.String(),

		Status: http.StatusNoContent,
	}
}

func (s *Service) signedIn(text secret.String, err error) (*cookieOutput, error) {
	if _, half := halfToken.Hash(text.Reveal()); half {
		out := s.cookie(text.Reveal(), int(halfLife.Seconds()))
		out.Status = http.StatusAccepted
		return out, err
	}
	return s.cookie(text.Reveal(), int(s.Lifetime.Seconds())), err
}

type mailInput struct {
	Body struct {
		Email string `json:"email" maxLength:"254"`
	}
}

func (s *Service) signUp(ctx context.Context, in *mailInput) (*struct{}, error) {
	return nil, s.SignUp(ctx, in.Body.Email)
}

func (s *Service) forgot(ctx context.Context, in *mailInput) (*struct{}, error) {
	return nil, s.Forgot(ctx, in.Body.Email)
}

type verifyInput struct {
	Body struct {
		Token    string `json:"token" maxLength:"100" doc:"What stands behind the # of the link"`
		Name     string `json:"name" maxLength:"200"`
		Password string `json:"password" format:"password" doc:"8 to 128 characters"`
	}
}

func (s *Service) verify(ctx context.Context, in *verifyInput) (*struct{}, error) {
	return nil, s.Verify(ctx, in.Body.Token, in.Body.Name, secret.New(in.Body.Password))
}

type resetInput struct {
	Body struct {
		Token    string `json:"token" maxLength:"100" doc:"What stands behind the # of the link"`
		Password string `json:"password" format:"password" doc:"8 to 128 characters"`
	}
}

func (s *Service) reset(ctx context.Context, in *resetInput) (*struct{}, error) {
	return nil, s.Reset(ctx, in.Body.Token, secret.New(in.Body.Password))
}

type logInInput struct {
	UserAgent string `header:"User-Agent"`

	Body struct {
		Email    string `json:"email" maxLength:"254"`
		Password string `json:"password" format:"password" maxLength:"512"`
	}
}

func (s *Service) logIn(ctx context.Context, in *logInInput) (*cookieOutput, error) {
	return s.signedIn(s.LogIn(ctx, in.Body.Email, secret.New(in.Body.Password), in.UserAgent))
}

func (s *Service) logOut(ctx context.Context, _ *struct{}) (*cookieOutput, error) {
	return s.cookie("", -1), s.LogOut(ctx)
}

type changeInput struct {
	Body struct {
		Old string `json:"old" format:"password" maxLength:"512"`
		New string `json:"new" format:"password" doc:"8 to 128 characters"`
	}
}

func (s *Service) change(ctx context.Context, in *changeInput) (*cookieOutput, error) {
	return s.signedIn(s.Change(ctx, secret.New(in.Body.Old), secret.New(in.Body.New)))
}

type meOutput struct{ Body User }

func (s *Service) me(ctx context.Context, _ *struct{}) (*meOutput, error) {
	found, err := s.Me(ctx)
	return &meOutput{found}, err
}

type revokeInput struct {
	ID SessionID `path:"id"`
}

func (s *Service) revoke(ctx context.Context, in *revokeInput) (*struct{}, error) {
	return nil, s.Revoke(ctx, in.ID)
}

func (s *Service) revokeOthers(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, s.RevokeOthers(ctx)
}
