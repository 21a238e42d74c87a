package token_test

import (
	"bytes"
	"strings"
	"testing"

	"example.com/myapp/internal/platform/token"
)

func TestATokenIsKnownByItsHashAndOnlyAsItsKind(t *testing.T) {
	text, hash := token.Kind("reset").New()
	if got, ok := token.Kind("reset").Hash(text.Reveal()); !ok || !bytes.Equal(got, hash) {
		t.Errorf("its own kind: %t, and hashes to %x, want %x", ok, got, hash)
	}
	if bytes.Contains([]byte(text.Reveal()), hash) || len(hash) != 32 {
		t.Errorf("the hash is %x", hash)
	}
	for what, other := range map[string]string{
		"a session":  "session_" + strings.TrimPrefix(text.Reveal(), "reset_"),
		"too short":  text.Reveal()[:len(text.Reveal())-1],
		"too long":   text.Reveal() + "a",
		"the hash":   string(hash),
		"nothing":    "",
		"its prefix": "reset_",
	} {
		if _, ok := token.Kind("reset").Hash(other); ok {
			t.Errorf("%s is taken for a token", what)
		}
	}
}

func TestTwoTokensAreNeverTheSame(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		text, _ := token.Kind("t").New()
		seen[text.Reveal()] = true
	}
	if len(seen) != 1000 {
		t.Errorf("%d of 1000 differ", len(seen))
	}
}
