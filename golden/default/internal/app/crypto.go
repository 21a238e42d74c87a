package app

import (
	"context"
	"fmt"

	"example.com/myapp/internal/platform/crypto"
	"example.com/myapp/internal/platform/crypto/kek"
)

// rotateKeys wraps data keys anew while the program runs, and says which keys of CRYPTO_KEYS may be removed.
func rotateKeys(ctx context.Context, p adminProcess) error {
	keyring, err := kek.Parse(p.cfg.CryptoKeys)
	if err != nil {
		return err
	}
	keys := crypto.New(p.database, keyring)
	for rotated := 0; ; {
		n, err := keys.Rotate(ctx)
		if err != nil {
			return err
		}
		if rotated += n; n == 0 {
			fmt.Fprintf(p.Stdout, "wrapped %d data keys anew\n", rotated)
			break
		}
	}
	usage, err := keys.Usage(ctx)
	if err != nil {
		return err
	}
	old := 0
	for _, u := range usage {
		fmt.Fprintf(p.Stdout, "%s wraps %d\n", u.KEK, u.Keys)
		if u.KEK != keyring.Current() {
			old += u.Keys
		}
	}
	if old > 0 {
		return fmt.Errorf("%d data keys are wrapped by other keys, which must stay in CRYPTO_KEYS; rotate again", old)
	}
	fmt.Fprintf(p.Stdout, "every key but %s may be removed from CRYPTO_KEYS\n", keyring.Current())
	return nil
}
