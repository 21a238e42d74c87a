// Package secret finds secrets in files before they leave the machine. It is a
// short list on purpose: formats that their issuers gave a prefix, so that what
// is found is one, and files that hold nothing but secrets. It does not guess
// by entropy; a scanner on the server side does that better.
//
//	Find    a file -> where secrets stand in it, never what they are
//
// A line that says gitleaks:allow, as the scanner of that name reads it, is
// left alone.
package secret

import (
	"bytes"
	"path"
	"regexp"
	"strings"
)

// Finding is where a secret stands.
type Finding struct {
	Path string
	Line int // from 1; 0: the file itself
	What string
}

// format is a kind of secret: a word that every one holds, and its shape.
type format struct{ what, word, shape string }

// formats are those whose issuers document them.
var formats = []format{
	{"a private key", "PRIVATE KEY", `-----BEGIN (RSA |EC |DSA |OPENSSH |ENCRYPTED |PGP )?PRIVATE KEY( BLOCK)?-----`},
	{"an age key", "AGE-SECRET-KEY-1", `AGE-SECRET-KEY-1[0-9A-Z]{58}`},
	{"a token of GitHub", "gh", `\bgh[pousr]_[A-Za-z0-9]{36,255}\b`},
	{"a token of GitHub", "github_pat_", `\bgithub_pat_[A-Za-z0-9_]{60,}`},
	{"a token of GitLab", "glpat-", `\bglpat-[A-Za-z0-9_-]{20}`},
	{"a key of AWS", "A", `\b(AKIA|ASIA)[A-Z2-7]{16}\b`},
	{"a key of Google", "AIza", `\bAIza[A-Za-z0-9_-]{35}`},
	{"a key of Stripe", "k_live_", `\b[sr]k_live_[A-Za-z0-9]{20,}`},
	{"a signing secret of Stripe", "whsec_", `\bwhsec_[A-Za-z0-9]{32,}`},
	{"a token of Slack", "xox", `\bxox[abeprs]-[0-9]{6,}-[A-Za-z0-9-]{10,}`},
	{"a webhook of Slack", "hooks.slack.com", `hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{20,}`},
	{"a key of Anthropic", "sk-ant-", `\bsk-ant-[a-z]+[0-9]{2}-[A-Za-z0-9_-]{80,}`},
	{"a key of OpenAI", "sk-", `\bsk-(proj|svcacct|admin)-[A-Za-z0-9_-]{40,}`},
	{"a key of OpenAI", "T3BlbkFJ", `\bsk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}\b`},
	{"a key of SendGrid", "SG.", `\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}`},
	{"a key of Resend", "re_", `\bre_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}\b`},
	{"a key of Twilio", "SK", `\bSK[0-9a-f]{32}\b`},
	{"a token of Sentry", "sntry", `\bsntry[su]_[A-Za-z0-9+/=_-]{40,}`},
	{"a token of npm", "npm_", `\bnpm_[A-Za-z0-9]{36}\b`},
	{"a token of DigitalOcean", "do", `\bdo[opr]_v1_[0-9a-f]{64}\b`},
	{"a token of Vault", "hvs.", `\bhvs\.[A-Za-z0-9_-]{24,}`},
	{"a token of Shopify", "shp", `\bshp(at|ca|pa|ss)_[0-9a-f]{32}\b`},
	{"a token of Linear", "lin_api_", `\blin_api_[A-Za-z0-9]{40}\b`},
}

// shapes are the formats, compiled.
var shapes = func() (list []*regexp.Regexp) {
	for _, f := range formats {
		list = append(list, regexp.MustCompile(f.shape))
	}
	return list
}()

// files are names of files that hold nothing else.
var files = regexp.MustCompile(`(?i)^(\.env(\..+)?|\.netrc|\.pgpass|id_(rsa|dsa|ecdsa|ed25519)|.*\.(p12|pfx|jks|keystore|tfstate))$`)

// examples are names like those that are meant to be shared.
var examples = regexp.MustCompile(`(?i)\.(example|sample|template|dist|defaults?)$`)

// Find returns where secrets stand in a file, one at most a line.
func Find(file string, data []byte) (found []Finding) {
	name := path.Base(file)
	if files.MatchString(name) && !examples.MatchString(name) {
		found = append(found, Finding{file, 0, "a file of secrets, by its name"})
	}
	for i, f := range formats {
		if !bytes.Contains(data, []byte(f.word)) {
			continue
		}
		for _, at := range shapes[i].FindAllIndex(data, -1) {
			text, line := lineAt(data, at[0])
			if strings.Contains(text, "gitleaks:allow") || strings.HasSuffix(string(data[at[0]:at[1]]), "EXAMPLE") {
				continue
			}
			found = append(found, Finding{file, line, f.what})
		}
	}
	return found
}

// lineAt returns the line around an offset, and its number.
func lineAt(data []byte, at int) (string, int) {
	start := bytes.LastIndexByte(data[:at], '\n') + 1
	end := bytes.IndexByte(data[at:], '\n')
	if end < 0 {
		end = len(data) - at
	}
	return string(data[start : at+end]), bytes.Count(data[:start], []byte("\n")) + 1
}
