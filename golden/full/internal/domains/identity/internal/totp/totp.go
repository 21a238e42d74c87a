// Package totp knows the codes of authenticator apps: RFC 6238 with SHA-1, six digits and thirty seconds, since many apps ignore
// whatever else they are told. It stores nothing: that a code works once is for who keeps the last step that was used.
package totp

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // HMAC needs no more of it, and the apps know no other
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Step is how long one code is the current one.
const Step = 30 * time.Second

// NewSecret returns what an app and the server share: 160 bits, as RFC 4226 recommends.
func NewSecret() []byte {
	secret := make([]byte, sha1.Size)
	rand.Read(secret)
	return secret
}

// Text returns the secret as people type it into an app.
func Text(secret []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}

// URI returns what an app reads from a QR code: the secret, and under whose name and which account it shows the codes.
func URI(issuer, account string, secret []byte) string {
	query := url.Values{"secret": {Text(secret)}, "issuer": {issuer}}.Encode()
	query = strings.ReplaceAll(query, "+", "%20") // apps take a plus for a plus
	return "otpauth://totp/" + url.PathEscape(issuer) + ":" + url.PathEscape(account) + "?" + query
}

// Code returns the code of the time.
func Code(secret []byte, at time.Time) string {
	return code(secret, stepOf(at))
}

// Find returns the step of which a text is the code, if that is the current one, or the one before or after: clocks differ, and
// people are slow.
func Find(secret []byte, text string, now time.Time) (step int64, found bool) {
	current := stepOf(now)
	for _, near := range []int64{current - 1, current, current + 1} {
		if subtle.ConstantTimeCompare([]byte(code(secret, near)), []byte(text)) == 1 {
			step, found = near, true
		}
	}
	return step, found
}

func stepOf(at time.Time) int64 {
	return at.Unix() / int64(Step/time.Second)
}

// code is that of RFC 4226, section 5.3, with the step as its counter.
func code(secret []byte, step int64) string {
	mac := hmac.New(sha1.New, secret)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(step))) //nolint:gosec // no time of ours is before 1970
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0x0f
	number := binary.BigEndian.Uint32(sum[offset:]) & 0x7fffffff
	return fmt.Sprintf("%06d", number%1_000_000)
}
