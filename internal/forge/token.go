package forge

import (
	"context"
	"encoding/base64"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Token is what proves to GitHub who we are. It holds its secret in a function,
// so that no verb of fmt, no logger and no encoder can print it.
type Token struct {
	reveal func() string
	// From says where it was found, for people: "GH_TOKEN".
	From string
}

// NewToken wraps a secret.
func NewToken(secret, from string) Token {
	secret = strings.TrimSpace(secret)
	return Token{func() string { return secret }, from}
}

// Known says whether there is a token.
func (t Token) Known() bool { return t.reveal != nil && t.reveal() != "" }

func (t Token) String() string { return "the token of " + t.From }

// basic is the token as git sends it.
func (t Token) basic() string {
	return base64.StdEncoding.EncodeToString([]byte("x-access-token:" + t.reveal()))
}

// Scrub takes the token out of a text that somebody else wrote.
func (t Token) Scrub(text string) string {
	if !t.Known() {
		return text
	}
	return strings.NewReplacer(t.reveal(), "[token]", t.basic(), "[token]").Replace(text)
}

// tokens are the variables that hold tokens of GitHub, in the order in which we
// ask them. Those below the first two are only kept from other programs.
var tokens = []string{"GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"}

// FindToken looks for a token: GH_TOKEN, GITHUB_TOKEN, what gh holds, what git's
// credential helpers hold. Nothing is asked at the terminal, and nothing is
// stored.
func FindToken(ctx context.Context, s Server) Token {
	for _, name := range tokens[:2] {
		if t := NewToken(os.Getenv(name), name); t.Known() {
			return t
		}
	}
	ctx, stop := context.WithTimeout(ctx, 20*time.Second)
	defer stop()
	if out, err := exec.CommandContext(ctx, "gh", "auth", "token", "--hostname", s.Host()).Output(); err == nil {
		if t := NewToken(string(out), "gh auth token"); t.Known() {
			return t
		}
	}
	protocol, host, _ := strings.Cut(s.Web, "://")
	out, _ := git{dir: os.TempDir(), args: []string{"credential", "fill"}, env: silent,
		stdin: []byte("protocol=" + protocol + "\nhost=" + host + "\n\n")}.run(ctx)
	for line := range strings.Lines(string(out)) {
		if secret, ok := strings.CutPrefix(line, "password="); ok {
			return NewToken(secret, "git's credential helper")
		}
	}
	return Token{}
}

// silent keeps git and its credential helpers from asking in a window.
var silent = []string{"GIT_ASKPASS=", "GCM_INTERACTIVE=never"}
