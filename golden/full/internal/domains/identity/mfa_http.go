package identity

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/httpx"
)

// factorRoutes adds the routes of the second factor.
func (s *Service) factorRoutes(api *httpx.API) {
	httpx.Register(api, changes("POST", "/login/code", "log-in-by-code", "Finish a login that was answered with 202: a code, or a recovery code",
		httpx.Public, "logged_in"), s.logInByCode)

	httpx.Register(api, reads("/factor", "get-factor", "Whether a code is asked for at login"), s.factor)
	httpx.Register(api, shows("/factor", "enrol-factor", "Make the secret for an authenticator app", "factor_enrolled"), s.enrol)
	httpx.Register(api, shows("/factor/confirm", "confirm-factor",
		"Turn the second factor on with a first code: all other sessions end", "factor_confirmed"), s.confirm)
	httpx.Register(api, shows("/factor/recovery-codes", "renew-recovery-codes", "Make new recovery codes: the old ones are void",
		"recovery_codes_renewed"), s.renewRecoveryCodes)
	httpx.Register(api, changes("POST", "/factor/proof", "prove", "Present a code, or a recovery code, for what needs a recent proof",
		httpx.SignedIn, "proved"), s.proveByCode)
	httpx.Register(api, changes("DELETE", "/factor", "remove-factor", "Turn the second factor off: needs a recent proof",
		httpx.SignedIn, "factor_removed"), s.removeFactor)

	api.Refuse(
		httpx.Refusal{Err: ErrCode, Status: http.StatusUnprocessableEntity, Code: "code_wrong"},
		httpx.Refusal{Err: ErrHalf, Status: http.StatusUnauthorized, Code: "password_required"},
		httpx.Refusal{Err: ErrFactor, Status: http.StatusConflict, Code: "factor_exists"},
		httpx.Refusal{Err: ErrNoFactor, Status: http.StatusConflict, Code: "factor_missing"},
		httpx.Refusal{Err: authz.ErrProof, Status: http.StatusForbidden, Code: "proof_required"},
	)
}

// shows is an operation whose answer is shown once.
func shows(path, name, summary, audit string) httpx.Operation {
	op := changes("POST", path, name, summary, httpx.SignedIn, audit)
	op.DefaultStatus = http.StatusOK
	op.Secret = true
	return op
}

// codeAsked says in the description of the login that it may ask for a code.
func codeAsked(op httpx.Operation) httpx.Operation {
	op.Responses = map[string]*huma.Response{"202": {
		Description: "The password is right, and a code is asked for: the cookie is good for presenting one",
	}}
	return op
}

// cookies are those of a request.
type cookies struct{ header string }

// Resolve implements huma.Resolver.
func (c *cookies) Resolve(ctx huma.Context) []error {
	c.header = ctx.Header("Cookie")
	return nil
}

type codeBody struct {
	Code string `json:"code" maxLength:"40" doc:"Six digits of the app"`
}

type logInByCodeInput struct {
	cookies

	UserAgent string `header:"User-Agent"`

	Body codeBody
}

func (s *Service) logInByCode(ctx context.Context, in *logInByCodeInput) (*cookieOutput, error) {
	half := s.Token(&http.Request{Header: http.Header{"Cookie": {in.header}}})
	return s.signedIn(s.LogInByCode(ctx, CodeRequest{Half: half, Code: in.Body.Code, UserAgent: in.UserAgent}))
}

type codeInput struct{ Body codeBody }

func (s *Service) proveByCode(ctx context.Context, in *codeInput) (*cookieOutput, error) {
	return s.signedIn(s.Prove(ctx, in.Body.Code))
}

type factorOutput struct{ Body Factor }

func (s *Service) factor(ctx context.Context, _ *struct{}) (*factorOutput, error) {
	found, err := s.Factor(ctx)
	return &factorOutput{found}, err
}

type enrolOutput struct{ Body Enrolment }

func (s *Service) enrol(ctx context.Context, _ *struct{}) (*enrolOutput, error) {
	made, err := s.Enrol(ctx)
	return &enrolOutput{made}, err
}

type recoveryOutput struct {
	SetCookie string `header:"Set-Cookie"`

	Body struct {
		RecoveryCodes []string `json:"recovery_codes" nullable:"false" doc:"Each works once, in place of a code of the app"`
	}
}

func (s *Service) confirm(ctx context.Context, in *codeInput) (*recoveryOutput, error) {
	confirmed, err := s.Confirm(ctx, in.Body.Code)
	out := &recoveryOutput{SetCookie: s.cookie(confirmed.Token.Reveal(), int(s.Lifetime.Seconds())).SetCookie}
	out.Body.RecoveryCodes = confirmed.RecoveryCodes
	return out, err
}

func (s *Service) renewRecoveryCodes(ctx context.Context, _ *struct{}) (*recoveryOutput, error) {
	codes, err := s.RenewRecoveryCodes(ctx)
	out := &recoveryOutput{}
	out.Body.RecoveryCodes = codes
	return out, err
}

func (s *Service) removeFactor(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, s.RemoveFactor(ctx)
}
