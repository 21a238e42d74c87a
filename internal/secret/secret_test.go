package secret_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/startkit/startkit/internal/secret"
)

// x is n letters; the secrets below are put together so that none stands in
// this file.
func x(n int) string { return strings.Repeat("aB3", n/3+1)[:n] }

func TestEachFormatIsFoundAtItsLine(t *testing.T) {
	for what, text := range map[string]string{
		"a private key": "-----BEGIN RSA PRIVATE " + "KEY-----", "an age key": "AGE-SECRET-" + "KEY-1" + strings.ToUpper(x(58)),
		"a token of GitHub": "ghp" + "_" + x(36), "a token of GitLab": "glpat" + "-" + x(20), "a key of AWS": "AKIA" + "QWERTYUIOPASDFGH",
		"a key of Google": "AIza" + x(35), "a key of Stripe": "sk_" + "live_" + x(24), "a signing secret of Stripe": "whsec" + "_" + x(32),
		"a token of Slack": "xoxb" + "-123456789-" + x(20), "a webhook of Slack": "hooks.slack.com" + "/services/T1234567/B1234567/" + x(24),
		"a key of Anthropic": "sk-" + "ant-api03-" + x(90), "a key of OpenAI": "sk-" + "proj-" + x(48), "a key of SendGrid": "SG" + "." + x(22) + "." + x(43),
		"a key of Resend": "re" + "_" + x(8) + "_" + x(24), "a key of Twilio": "SK" + strings.Repeat("0a", 16), "a token of Sentry": "sntrys" + "_" + x(50),
		"a token of npm": "npm" + "_" + x(36), "a token of DigitalOcean": "dop" + "_v1_" + strings.Repeat("0a", 32), "a token of Vault": "hvs" + "." + x(30),
		"a token of Shopify": "shpat" + "_" + strings.Repeat("0a", 16), "a token of Linear": "lin" + "_api_" + x(40),
	} {
		got := secret.Find("a/b.go", []byte("one\ntwo\nkey = \""+text+"\"\nfour\n"))
		if diff := cmp.Diff([]secret.Finding{{Path: "a/b.go", Line: 3, What: what}}, got); diff != "" {
			t.Error(what, diff)
		}
	}
}

func TestFilesOfSecretsAreFoundByName(t *testing.T) {
	for name, want := range map[string]bool{
		".env": true, "deploy/.env.production": true, ".env.local": true, "id_ed25519": true, "a.p12": true, "terraform.tfstate": true,
		".env.example": false, ".env.sample": false, "env.go": false, "id_ed25519.pub": false, ".envrc.md": false,
	} {
		if got := len(secret.Find(name, nil)) > 0; got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestWhatIsAllowedOrAnExampleIsLeftAlone(t *testing.T) {
	for _, text := range []string{"ghp" + "_" + x(36) + " // gitleaks:allow", "AKIA" + "IOSFODNN7EXAMPLE", "sk_test_" + x(24), "ghp_short", "PRIVATE KEY"} {
		if got := secret.Find("a", []byte(text)); got != nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestNoTemplateHoldsASecret sees to it that what startkit makes may be pushed.
func TestNoTemplateHoldsASecret(t *testing.T) {
	for _, root := range []string{"../../golden", "../../templates"} {
		err := fs.WalkDir(os.DirFS(root), ".", func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := fs.ReadFile(os.DirFS(root), p)
			for _, f := range secret.Find(strings.TrimSuffix(p, ".tmpl"), b) {
				t.Errorf("%s/%s:%d: %s", root, f.Path, f.Line, f.What)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
