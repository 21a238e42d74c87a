package app

import (
	"context"
	"fmt"

	"example.com/myapp/internal/platform/crypto"
)

// rotateKeys wraps data keys anew while the program runs, and says when the older keys may be removed.
func rotateKeys(ctx context.Context, p adminProcess) error {
	keyring := p.cfg.Keyring()
	rotated, err := crypto.New(p.database, keyring).Rotate(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.Stdout, "wrapped %d data keys anew; none needs another key than %s\n", rotated, keyring.Current())
	if rotated > 0 {
		fmt.Fprintln(p.Stdout, "once every process has it first in CRYPTO_KEYS, rotate again, and remove the others")
	}
	return nil
}
