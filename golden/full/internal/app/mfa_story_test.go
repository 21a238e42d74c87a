package app

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// usesFactor turns a second factor on, and logs in with a code and with a recovery code.
func (s *userStory) usesFactor(p *testPerson) {
	const asCode = `{"code": %q}`
	now := time.Now()
	secret := s.once(s.send(p, http.StatusOK, "POST /v1/identity/factor", ""), "secret", "the secret of an app")
	shown := s.once(s.send(p, http.StatusOK, "POST /v1/identity/factor/confirm", asCode, appCode(s.t, secret, now)), "recovery_codes", "recovery codes")
	codes := strings.Fields(strings.Trim(shown, "[]"))
	for _, code := range codes {
		s.secret(code, "a recovery code")
		s.secret(strings.ReplaceAll(code, "-", ""), "a recovery code without its dashes")
	}
	for _, code := range []string{appCode(s.t, secret, now.Add(30*time.Second)), codes[0]} {
		s.send(p, http.StatusNoContent, "POST /v1/identity/logout", "")
		s.send(p, http.StatusAccepted, "POST /v1/identity/login", `{"email": %q, "password": %q}`, p.email, p.password)
		s.send(p, http.StatusUnprocessableEntity, "POST /v1/identity/login/code", asCode, codes[1]+"x")
		s.send(p, http.StatusNoContent, "POST /v1/identity/login/code", asCode, code)
	}
}

// appCode is what an app would show: RFC 6238.
func appCode(t *testing.T, secret string, at time.Time) string {
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(at.Unix()/30)))
	sum := mac.Sum(nil)
	number := binary.BigEndian.Uint32(sum[sum[len(sum)-1]&15:]) & 0x7fffffff
	return fmt.Sprintf("%06d", number%1_000_000)
}
