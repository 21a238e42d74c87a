package crypto_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/crypto"
)

func TestABlindIndexIsTheSameForTheSameValueOfAColumnOnly(t *testing.T) {
	d := start(t)
	of := func(p crypto.Place, value string) (index string) {
		err := d.db.Read(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
			sum, err := d.BlindIndex(ctx, tx, p, []byte(value))
			index = string(sum)
			return err
		})
		if err != nil || len(index) != 32 {
			t.Fatalf("%d bytes, %v", len(index), err)
		}
		return index
	}
	p, q, r := place(), place(), place()
	q.Tenant, q.Row = p.Tenant, "8"
	if of(p, "green") != of(q, "green") {
		t.Error("it is another one in another row")
	}
	r.Tenant, r.Column = p.Tenant, "walls.walls.name"
	distinct := map[string]bool{of(p, "green"): true, of(p, "blue"): true, of(r, "green"): true, of(place(), "green"): true}
	if len(distinct) != 4 {
		t.Errorf("%d indexes of 4", len(distinct))
	}
}
