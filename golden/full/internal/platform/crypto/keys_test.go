package crypto_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/crypto"
	"example.com/myapp/internal/platform/crypto/kek"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/secret"
)

// walls is the schema of the domain that the tests play.
func walls() db.Schema {
	files := fstest.MapFS{"0001_walls.sql": &fstest.MapFile{Data: []byte("-- +goose Up\ncreate table walls.walls ();")}}
	return db.Schema{Name: "walls", Files: files}
}

// domain is a domain that seals.
type domain struct {
	*crypto.Keys

	t     *testing.T
	ring  kek.Ring
	admin *db.DB
	db    *db.DB
}

func start(t *testing.T) domain {
	t.Helper()
	t.Parallel()
	admin := dbtest.New(t, crypto.Schema(), walls())
	first := ring(t, kek.Generate("k1"))
	d := domain{t: t, admin: admin, db: admin.As("walls"), ring: first}.restarted(first)
	if err := d.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d domain) seal(s crypto.Subject, p crypto.Place, text string) (sealed []byte, err error) {
	d.t.Helper()
	err = d.db.InTx(d.t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		sealed, err = d.Seal(ctx, tx, s, p, []byte(text))
		return err
	})
	return sealed, err
}

func (d domain) mustSeal(s crypto.Subject, p crypto.Place, text string) []byte {
	d.t.Helper()
	sealed, err := d.seal(s, p, text)
	if err != nil {
		d.t.Fatal(err)
	}
	return sealed
}

func (d domain) open(p crypto.Place, sealed []byte) (text string, err error) {
	d.t.Helper()
	err = d.db.Read(d.t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		plain, err := d.Open(ctx, tx, p, sealed)
		text = string(plain)
		return err
	})
	return text, err
}

func (d domain) shred(s crypto.Subject) {
	d.t.Helper()
	if err := d.Shred(d.t.Context(), s); err != nil {
		d.t.Fatal(err)
	}
}

// restarted is d as another process has it, with keys of its own in memory.
func (d domain) restarted(provider kek.Provider) domain {
	d.Keys = crypto.New(d.admin, provider)
	return d
}

func ring(t *testing.T, keys ...secret.String) kek.Ring {
	t.Helper()
	var texts []string
	for _, key := range keys {
		texts = append(texts, key.Reveal())
	}
	r, err := kek.Parse(secret.New(strings.Join(texts, ",")))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func place() crypto.Place {
	return crypto.Place{Column: "walls.walls.colour", Row: "7", Tenant: id.New()}
}

func TestWhatIsSealedOpensWhereItStands(t *testing.T) {
	d := start(t)
	person, tenant := crypto.Person(id.New()), crypto.Tenant(id.New())
	for size := range 200 {
		text := make([]byte, size)
		for i := range text {
			text[i] = byte(rand.Uint32())
		}
		p := place()
		for _, s := range []crypto.Subject{person, tenant} {
			sealed := d.mustSeal(s, p, string(text))
			if got, err := d.open(p, sealed); err != nil || got != string(text) {
				t.Errorf("%d bytes of %v: got %q, %v", size, s, got, err)
			}
			if size > 8 && bytes.Contains(sealed, text[:8]) {
				t.Error("the plaintext is in what was sealed")
			}
		}
	}
	if n := dbtest.Value[int](t, d.admin, "select count(*) from crypto.keys where kind <> 'index'"); n != 2 {
		t.Errorf("%d data keys for two subjects", n)
	}
}

func TestNothingThatWasChangedOpens(t *testing.T) {
	d := start(t)
	p := place()
	sealed := d.mustSeal(crypto.Person(id.New()), p, "green")
	other := d.mustSeal(crypto.Person(id.New()), p, "green")
	var attacks [][]byte
	for i := range sealed {
		for _, mask := range []byte{1, 0x80, 0xff} {
			changed := bytes.Clone(sealed)
			changed[i] ^= mask
			attacks = append(attacks, changed)
		}
		attacks = append(attacks, sealed[:i])
	}
	swapped := append(bytes.Clone(other[:17]), sealed[17:]...)
	for _, attack := range append(attacks, swapped, append(bytes.Clone(sealed), 0), nil) {
		if got, err := d.open(p, attack); got != "" || !errors.Is(err, crypto.ErrRefused) {
			t.Errorf("%x opens as %q, %v", attack, got, err)
		}
	}
}

func TestWhatIsCopiedElsewhereDoesNotOpen(t *testing.T) {
	d := start(t)
	p := crypto.Place{Column: "walls.walls.colour", Row: "7", Tenant: id.New()}
	sealed := d.mustSeal(crypto.Tenant(p.Tenant), p, "green")
	for what, elsewhere := range map[string]crypto.Place{
		"another row":           {Column: p.Column, Row: "8", Tenant: p.Tenant},
		"another column":        {Column: "walls.walls.name", Row: p.Row, Tenant: p.Tenant},
		"another tenant":        {Column: p.Column, Row: p.Row, Tenant: id.New()},
		"no tenant":             {Column: p.Column, Row: p.Row},
		"the same, cut apart":   {Column: p.Column + "7", Row: "\x00", Tenant: p.Tenant},
		"the same, cut earlier": {Column: "walls.walls.colou", Row: "r7", Tenant: p.Tenant},
	} {
		if got, err := d.open(elsewhere, sealed); !errors.Is(err, crypto.ErrRefused) {
			t.Errorf("in %s it opens as %q, %v", what, got, err)
		}
	}
	for _, nowhere := range []crypto.Place{
		{Column: "a.b.c"},
		{Row: "7"},
	} {
		if _, err := d.seal(crypto.Tenant(p.Tenant), nowhere, "green"); err == nil {
			t.Errorf("sealed at %+v", nowhere)
		}
	}
	for _, nobody := range []crypto.Subject{crypto.Person(id.UUID{}), crypto.Tenant(id.UUID{})} {
		if _, err := d.seal(nobody, p, "green"); err == nil {
			t.Errorf("sealed for %+v", nobody)
		}
	}
}

func TestNoNonceComesTwice(t *testing.T) {
	d := start(t)
	p, s := place(), crypto.Person(id.New())
	const header, nonce, n = 17, 12, 20_000
	d.mustSeal(s, p, "green") // and now the key is in memory
	seen := make(map[string]bool)
	err := d.db.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		for range n {
			sealed, err := d.Seal(ctx, tx, s, p, []byte("green"))
			if err != nil {
				return err
			}
			seen[string(sealed[header:header+nonce])] = true
		}
		return nil
	})
	if err != nil || len(seen) != n {
		t.Errorf("%d nonces in %d values, %v", len(seen), n, err)
	}
}

func TestAKeyThatWasRolledBackIsNotUsedAgain(t *testing.T) {
	d := start(t)
	p, s, fails := place(), crypto.Person(id.New()), errors.New("fails")
	err := d.db.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		for range 2 { // the second one finds the key of the first
			if _, err := d.Seal(ctx, tx, s, p, []byte("green")); err != nil {
				return err
			}
		}
		return fails
	})
	if !errors.Is(err, fails) {
		t.Fatal(err)
	}
	sealed := d.mustSeal(s, p, "blue")
	if got, err := d.restarted(d.ring).open(p, sealed); got != "blue" || err != nil {
		t.Errorf("another process reads %q, %v", got, err)
	}
}

func TestADomainCanNeitherChangeNorDestroyKeys(t *testing.T) {
	d := start(t)
	d.mustSeal(crypto.Person(id.New()), place(), "green")
	for _, attack := range []string{
		"update crypto.keys set wrapped = null, shredded_at = now()",
		"update crypto.keys set kind = 'tenant'",
		"delete from crypto.keys",
		"truncate crypto.keys",
	} {
		if err := d.db.InTx(t.Context(), dbtest.Exec(attack)); err == nil || !strings.Contains(err.Error(), "SQLSTATE 42501") {
			t.Errorf("%s: got %v, want permission denied", attack, err)
		}
	}
}
