package main

import (
	"os"
	"testing"

	"example.com/myapp/internal/platform/crypto/kek"
	"example.com/myapp/internal/platform/secret"
)

func TestTheKeyOfThisMachineIsMadeOnceAndForItsOwner(t *testing.T) {
	folder := t.TempDir() + "/.dev"
	var texts [2]string
	for i := range texts {
		env := environment{}
		if err := provideKey(env, folder); err != nil {
			t.Fatal(err)
		}
		path := env["CRYPTO_KEYS_FILE"]
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode() != 0o600 {
			t.Errorf("mode is %v, %v", info.Mode(), err)
		}
		texts[i] = string(text)
	}
	if ring, err := kek.Parse(secret.New(texts[0][:len(texts[0])-1])); err != nil || !ring.ForDevelopment() {
		t.Errorf("the file holds no key for development: %v", err)
	}
	if texts[0] != texts[1] {
		t.Error("the second start made another key")
	}
	env := environment{"CRYPTO_KEYS": "set"}
	if err := provideKey(env, folder); err != nil || env["CRYPTO_KEYS_FILE"] != "" {
		t.Errorf("a key that is set is overridden: %v, %v", env, err)
	}
}
