package app

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/crypto"
	"example.com/myapp/internal/platform/crypto/kek"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/id"
)

func TestRotationSaysWhenTheOlderKeysMayBeRemoved(t *testing.T) {
	t.Parallel()
	options := dbtest.Options(t, schemas()...)
	database, err := db.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	older, newer := kek.Generate("k1"), kek.Generate("k2")
	ring, err := kek.Parse(older)
	if err != nil {
		t.Fatal(err)
	}
	keys := crypto.New(database, ring)
	err = database.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		place := crypto.Place{Column: "a.b.c", Row: "1"}
		for range 3 {
			if _, err := keys.Seal(ctx, tx, crypto.Person(id.New()), place, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	environ := working("DATABASE_URL="+options.URL.Reveal(), "CRYPTO_KEYS="+newer.Reveal()+","+older.Reveal())
	const all = "wrapped 3 data keys anew; none needs another key than k2\n" +
		"once every process has it first in CRYPTO_KEYS, rotate again, and remove the others\n"
	for _, want := range []string{all, "wrapped 0 data keys anew; none needs another key than k2\n"} {
		code, stdout, stderr := execute(t, environ, "admin", "crypto", "rotate")
		if diff := cmp.Diff(want, stdout); diff != "" || code != 0 {
			t.Errorf("%d, %s\n%s", code, stderr, diff)
		}
	}
}
