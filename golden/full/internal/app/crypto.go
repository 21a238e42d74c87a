package app

import (
	"context"
	"fmt"

	"example.com/myapp/internal/platform/crypto"
	"example.com/myapp/internal/platform/crypto/kek"
)

// rotateKeys wraps data keys anew while the program runs, and says when the older keys may be removed.
func rotateKeys(ctx context.Context, p adminProcess) error {
	keyring, err := kek.Parse(p.cfg.CryptoKeys)
	if err != nil {
		return err
	}
	keys := crypto.New(p.database, keyring)
	rotated, err := keys.Rotate(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.Stdout, "wrapped %d data keys anew; none needs another key than %s\n", rotated, keyring.Current())
	if rotated > 0 {
		fmt.Fprintln(p.Stdout, "once every process has it first in CRYPTO_KEYS, rotate again, and remove the others")
	}
	return nil
}
