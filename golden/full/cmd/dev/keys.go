package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"example.com/myapp/internal/platform/crypto/kek"
)

// provideKey names the file with the key of this machine, which it makes if there is none. It is made once: what was encrypted
// with another key is lost. The app refuses it in production, for its id.
func provideKey(env environment, folder string) error {
	if env["CRYPTO_KEYS"] != "" || env["CRYPTO_KEYS_FILE"] != "" {
		return nil
	}
	path, err := filepath.Abs(filepath.Join(folder, "crypto.keys"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
	case err != nil:
		return err
	default:
		_, err = file.WriteString(kek.Generate(kek.Development).Reveal() + "\n")
		if err := errors.Join(err, file.Close()); err != nil {
			return errors.Join(err, os.Remove(path))
		}
	}
	env["CRYPTO_KEYS_FILE"] = path
	say("keys", path)
	return nil
}
