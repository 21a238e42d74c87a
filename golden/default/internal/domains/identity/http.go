package identity

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"example.com/myapp/internal/domains/identity/internal/password"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/secret"
)

const base = "/v1/identity"

// Routes adds the routes of the domain to api.
func (s *Service) Routes(api *httpx.API) {
	httpx.Register(api, operation("sign-up", "Sign up: a mail follows", http.MethodPost, "/signup", http.StatusAccepted,
		httpx.Public, httpx.NotAudited("nothing has happened until the link is used")), s.signUp)
	httpx.Register(api, operation("verify", "Finish signing up with the link of the mail", http.MethodPost, "/verify", http.StatusNoContent,
		httpx.Public, "identity.user_verified"), s.verify)
	httpx.Register(api, operation("log-in", "Log in: the answer sets the session cookie", http.MethodPost, "/login", http.StatusNoContent,
		httpx.Public, "identity.logged_in"), s.logIn)
	httpx.Register(api, operation("log-out", "Log out", http.MethodPost, "/logout", http.StatusNoContent,
		httpx.SignedIn, "identity.logged_out"), s.logOut)
	httpx.Register(api, operation("forgot-password", "Ask for a link to choose a new password", http.MethodPost, "/password/forgot",
		http.StatusAccepted, httpx.Public, httpx.NotAudited("nothing has happened until the link is used")), s.forgot)
	httpx.Register(api, operation("reset-password", "Choose a new password with the link of the mail", http.MethodPost, "/password/reset",
		http.StatusNoContent, httpx.Public, "identity.password_reset"), s.reset)
	httpx.Register(api, operation("change-password", "Change the password: all other sessions end", http.MethodPut, "/password",
		http.StatusNoContent, httpx.SignedIn, "identity.password_changed"), s.change)
	httpx.Register(api, operation("get-me", "The user who is signed in", http.MethodGet, "/me", http.StatusOK, httpx.SignedIn, ""), s.me)
	httpx.Register(api, operation("list-sessions", "Where the user is signed in", http.MethodGet, "/sessions", http.StatusOK,
		httpx.SignedIn, ""), s.sessions)
	httpx.Register(api, operation("revoke-session", "End one session", http.MethodDelete, "/sessions/{id}", http.StatusNoContent,
		httpx.SignedIn, "identity.session_revoked"), s.revoke)
	httpx.Register(api, operation("revoke-other-sessions", "End all sessions but this one", http.MethodDelete, "/sessions", http.StatusNoContent,
		httpx.SignedIn, "identity.sessions_revoked"), s.revokeOthers)
}

func operation(name, summary, method, path string, status int, access httpx.Access, audit string) httpx.Operation {
	return httpx.Operation{
		Operation: huma.Operation{
			OperationID: name, Summary: summary, Tags: []string{"identity"}, Method: method, Path: base + path, DefaultStatus: status,
		},
		Access: access,
		Audit:  audit,
	}
}

// from is where a request comes from.
type from struct{ addr, forwarded string }

// Resolve implements huma.Resolver.
func (f *from) Resolve(ctx huma.Context) []error {
	f.addr, f.forwarded = ctx.RemoteAddr(), ctx.Header("X-Forwarded-For")
	return nil
}

// remote is the address that the outermost of the trusted proxies saw. What stands further left in the header anybody can
// write. IPv6 counts by its /64, all of which one customer has.
func (f *from) remote(proxies int) string {
	host, _, err := net.SplitHostPort(f.addr)
	if err != nil {
		host = f.addr
	}
	if hops := strings.Split(f.forwarded, ","); proxies > 0 && len(hops) >= proxies {
		host = strings.TrimSpace(hops[len(hops)-proxies])
	}
	if ip := net.ParseIP(host); ip != nil && ip.To4() == nil {
		return ip.Mask(net.CIDRMask(64, 128)).String()
	}
	return host
}

// cookie is the session in a browser. The prefix __Host- makes browsers refuse it from another host, or without TLS.
func (s *Service) cookie(value string, maxAge int) string {
	c := http.Cookie{ //nolint:gosec // it is Secure wherever there is TLS; development has none
		Name: s.cookieName(), Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	}
	return c.String()
}

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
}

func (s *Service) signedIn(text secret.String, err error) (*cookieOutput, error) {
	if err != nil {
		return nil, problem(err)
	}
	return &cookieOutput{s.cookie(text.Reveal(), int(s.Lifetime.Seconds()))}, nil
}

type mailInput struct {
	from

	Body struct {
		Email string `json:"email" maxLength:"254"`
	}
}

func (s *Service) signUp(ctx context.Context, in *mailInput) (*struct{}, error) {
	return nil, problem(s.SignUp(ctx, in.Body.Email, in.remote(s.Proxies)))
}

func (s *Service) forgot(ctx context.Context, in *mailInput) (*struct{}, error) {
	return nil, problem(s.Forgot(ctx, in.Body.Email, in.remote(s.Proxies)))
}

type verifyInput struct {
	Body struct {
		Token    string `json:"token" maxLength:"100" doc:"What stands behind the # of the link"`
		Name     string `json:"name" maxLength:"200"`
		Password string `json:"password" format:"password" doc:"8 to 128 characters"`
	}
}

func (s *Service) verify(ctx context.Context, in *verifyInput) (*struct{}, error) {
	return nil, problem(s.Verify(ctx, in.Body.Token, in.Body.Name, secret.New(in.Body.Password)))
}

type resetInput struct {
	Body struct {
		Token    string `json:"token" maxLength:"100" doc:"What stands behind the # of the link"`
		Password string `json:"password" format:"password" doc:"8 to 128 characters"`
	}
}

func (s *Service) reset(ctx context.Context, in *resetInput) (*struct{}, error) {
	return nil, problem(s.Reset(ctx, in.Body.Token, secret.New(in.Body.Password)))
}

type logInInput struct {
	from

	UserAgent string `header:"User-Agent"`

	Body struct {
		Email    string `json:"email" maxLength:"254"`
		Password string `json:"password" format:"password" maxLength:"512"`
	}
}

func (s *Service) logIn(ctx context.Context, in *logInInput) (*cookieOutput, error) {
	return s.signedIn(s.LogIn(ctx, LogInRequest{
		Email: in.Body.Email, Password: secret.New(in.Body.Password), Remote: in.remote(s.Proxies), UserAgent: in.UserAgent,
	}))
}

func (s *Service) logOut(ctx context.Context, _ *struct{}) (*cookieOutput, error) {
	if err := s.LogOut(ctx); err != nil {
		return nil, problem(err)
	}
	return &cookieOutput{s.cookie("", -1)}, nil
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
	return &meOutput{found}, problem(err)
}

type sessionsOutput struct {
	Body struct {
		Items []Session `json:"items" nullable:"false"`
	}
}

func (s *Service) sessions(ctx context.Context, _ *struct{}) (*sessionsOutput, error) {
	found, err := s.Sessions(ctx)
	out := &sessionsOutput{}
	out.Body.Items = found
	return out, problem(err)
}

type revokeInput struct {
	ID SessionID `path:"id"`
}

func (s *Service) revoke(ctx context.Context, in *revokeInput) (*struct{}, error) {
	return nil, problem(s.Revoke(ctx, in.ID))
}

func (s *Service) revokeOthers(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, problem(s.RevokeOthers(ctx))
}

// problem is what a client is told about err. What is not listed is a fault of ours, and told to the log alone.
func problem(err error) error {
	if throttled, ok := errors.AsType[ThrottledError](err); ok {
		return retry(http.StatusTooManyRequests, "throttled", throttled.Error(), int(throttled.After.Seconds())+1)
	}
	for _, known := range []struct {
		err    error
		status int
		code   string
	}{
		{ErrCredentials, http.StatusUnauthorized, "credentials_wrong"},
		{ErrToken, http.StatusUnprocessableEntity, "link_invalid"},
		{ErrEmail, http.StatusUnprocessableEntity, "email_invalid"},
		{ErrName, http.StatusUnprocessableEntity, "name_invalid"},
		{ErrNotFound, http.StatusNotFound, "session_not_found"},
		{password.ErrLength, http.StatusUnprocessableEntity, "password_length"},
		{password.ErrCommon, http.StatusUnprocessableEntity, "password_common"},
	} {
		if errors.Is(err, known.err) {
			return httpx.NewProblem(known.status, known.code, known.err.Error())
		}
	}
	if errors.Is(err, password.ErrBusy) {
		return retry(http.StatusServiceUnavailable, "overloaded", "too many people sign in at this moment; try again", 1)
	}
	return err
}

// retry is a problem that goes away by itself.
func retry(status int, code, detail string, seconds int) error {
	after := http.Header{"Retry-After": {strconv.Itoa(seconds)}}
	return huma.ErrorWithHeaders(httpx.NewProblem(status, code, detail), after)
}
