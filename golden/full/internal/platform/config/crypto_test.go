package config

import (
	"strings"
	"testing"

	"example.com/myapp/internal/platform/crypto/kek"
)

func TestKeysToEncryptWithAreNeeded(t *testing.T) {
	typed := "k1:Y2FuYXJ5IGNhbmFyeSBjYW5hcnkgY2FuYXJ5IGNhbmE=" // 32 bytes of text
	for _, keys := range []string{"", "k1", "k1:short", "k1:" + strings.Repeat("A", 43) + "=", typed} {
		got := problems(t, "CRYPTO_KEYS="+keys)["CRYPTO_KEYS"]
		if got == "" || strings.Contains(got, "Y2Fu") || strings.Contains(got, "canary") {
			t.Errorf("CRYPTO_KEYS=%s: %q", keys, got)
		}
	}
}

func TestProductionRefusesKeysForDevelopment(t *testing.T) {
	for keys, refused := range map[string]bool{
		kek.Generate("k1").Reveal():                                       false,
		kek.Generate("dev").Reveal():                                      true,
		kek.Generate("k1").Reveal() + "," + kek.Generate("dev2").Reveal(): true,
	} {
		if _, found := problems(t, "APP_ENV=production", "CRYPTO_KEYS="+keys)["CRYPTO_KEYS"]; found != refused {
			t.Errorf("%s in production: refused is %v, want %v", keys, found, refused)
		}
		if got := problems(t, "CRYPTO_KEYS="+keys); len(got) > 0 {
			t.Errorf("%s in development is refused: %v", keys, got)
		}
	}
}
