package oidc

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"time"

	"golang.org/x/oauth2"
)

// flow is a sign-in that was begun.
type flow struct {
	State, Nonce, Verifier string

	ReturnTo string
	Until    time.Time
}

func newFlow(returnTo string) flow {
	random := oauth2.GenerateVerifier // 256 bits
	return flow{State: random(), Nonce: random(), Verifier: random(), ReturnTo: returnTo, Until: time.Now().Add(FlowTime)}
}

// knownTime is how long a provider may have known the browser. Who is told one has to say when the person proved who it is:
// OpenID Connect Core, 3.1.2.1.
const knownTime = 30 * 24 * time.Hour

func (r Request) options() []oauth2.AuthCodeOption {
	if r.Again {
		return []oauth2.AuthCodeOption{oauth2.SetAuthURLParam("max_age", "0"), oauth2.SetAuthURLParam("prompt", "login")}
	}
	return []oauth2.AuthCodeOption{oauth2.SetAuthURLParam("max_age", strconv.Itoa(int(knownTime.Seconds())))}
}

func (f flow) once() []byte {
	sum := sha256.Sum256([]byte(f.State))
	return sum[:]
}

// sealer encrypts flows by a key that every process derives from the client secret. It holds a closure: printers read
// unexported fields.
type sealer struct{ aead func() cipher.AEAD }

func newSealer(o Options) (sealer, error) {
	const size = 32
	key, err := hkdf.Key(sha256.New, []byte(o.ClientSecret.Reveal()), []byte(o.Issuer), "cookie of a sign-in", size)
	if err != nil {
		return sealer{}, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return sealer{func() cipher.AEAD { return aead }}, err
}

func (s sealer) seal(f flow) string {
	text, _ := json.Marshal(f)                   // texts and a time can be encoded
	sealed := s.aead().Seal(nil, nil, text, nil) //nolint:gosec // the AEAD makes the nonce
	return base64.RawURLEncoding.EncodeToString(sealed)
}

// open returns false for what seal did not make, or too long ago.
func (s sealer) open(cookie string) (f flow, ok bool) {
	sealed, err := base64.RawURLEncoding.DecodeString(cookie)
	if err != nil {
		return flow{}, false
	}
	text, err := s.aead().Open(nil, nil, sealed, nil)
	if err != nil || json.Unmarshal(text, &f) != nil || time.Now().After(f.Until) {
		return flow{}, false
	}
	return f, true
}
