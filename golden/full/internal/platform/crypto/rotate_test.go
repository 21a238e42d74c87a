package crypto_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"example.com/myapp/internal/platform/crypto"
	"example.com/myapp/internal/platform/crypto/kek"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/id"
)

func TestKeysAreRotatedWhileWritersWrite(t *testing.T) {
	d := start(t)
	const writers, each = 3, 80
	type written struct {
		place  crypto.Place
		sealed []byte
	}
	var values [writers][]written
	older, newer := kek.Generate("old"), kek.Generate("new")
	if err := d.admin.InTx(t.Context(), dbtest.Exec("delete from crypto.keys")); err != nil {
		t.Fatal(err)
	}
	before, after := d.restarted(ring(t, older)), d.restarted(ring(t, newer, older))
	var group errgroup.Group
	for w := range writers {
		group.Go(func() error {
			for i := range each {
				process := []domain{before, after}[(i/4+w)%2] // a deployment: processes with the old keys run beside new ones
				p := place()
				sealed, err := process.seal(crypto.Person(id.New()), p, "green")
				if err != nil {
					return err
				}
				values[w] = append(values[w], written{p, sealed})
				if i%20 == 0 {
					if _, err := after.Rotate(t.Context()); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := after.Rotate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := dbtest.Value[int](t, d.admin, "select count(*) from crypto.keys where kek = 'new'"); n != writers*each {
		t.Errorf("the new key wraps %d of %d", n, writers*each)
	}
	alone := d.restarted(ring(t, newer))
	for _, value := range slices.Concat(values[:]...) {
		if got, err := alone.open(value.place, value.sealed); got != "green" || err != nil {
			t.Fatalf("without the old key it opens as %q, %v", got, err)
		}
	}
}

func TestWhatIsShreddedOpensNoMore(t *testing.T) {
	d := start(t)
	p, person := place(), crypto.Person(id.New())
	tenant := crypto.Tenant(p.Tenant)
	sealed, kept := d.mustSeal(person, p, "green"), d.mustSeal(tenant, p, "blue")
	d.mustSeal(person, p, "green") // and now the key is in memory
	d.shred(person)
	d.shred(person)
	other := d.restarted(d.ring)
	for _, process := range []domain{d, other} {
		if got, err := process.open(p, sealed); !errors.Is(err, crypto.ErrShredded) || got != "" {
			t.Errorf("it opens as %q, %v", got, err)
		}
		if _, err := process.seal(person, p, "green"); !errors.Is(err, crypto.ErrShredded) {
			t.Errorf("sealed for who was shredded: %v", err)
		}
		if got, err := process.open(p, kept); got != "blue" || err != nil {
			t.Errorf("what is another's opens as %q, %v", got, err)
		}
	}
}

func TestWhoHasNoKeyYetIsGivenNoneOnceShredded(t *testing.T) {
	d := start(t)
	person := crypto.Person(id.New())
	d.shred(person)
	if _, err := d.seal(person, place(), "green"); !errors.Is(err, crypto.ErrShredded) {
		t.Errorf("got %v", err)
	}
}

func TestAWrongKeyIsSeenBeforeThereIsWork(t *testing.T) {
	d := start(t)
	sealed := d.mustSeal(crypto.Person(id.New()), place(), "green")
	for name, provider := range map[string]kek.Ring{
		"another key": ring(t, kek.Generate("k2")), "another key of that id": ring(t, kek.Generate("k1")),
	} {
		if err := d.restarted(provider).Ready(t.Context()); err == nil {
			t.Errorf("%s: ready", name)
		}
		if got, err := d.restarted(provider).open(place(), sealed); err == nil {
			t.Errorf("%s: opens as %q", name, got)
		}
	}
	if err := d.restarted(ring(t, kek.Generate("k2"))).Ready(t.Context()); !errors.Is(err, kek.ErrUnknown) {
		t.Errorf("got %v", err)
	}
}

func TestAWrappedKeyThatIsMovedDoesNotOpen(t *testing.T) {
	d := start(t)
	p, one, two := place(), crypto.Person(id.New()), crypto.Person(id.New())
	sealed := d.mustSeal(one, p, "green")
	d.mustSeal(two, p, "green")
	swap := `update crypto.keys a set wrapped = b.wrapped from crypto.keys b where a.kind = 'person' and b.kind = 'person' and a.id <> b.id`
	if err := d.admin.InTx(t.Context(), dbtest.Exec(swap)); err != nil {
		t.Fatal(err)
	}
	got, err := d.restarted(d.ring).open(p, sealed)
	if err == nil || !strings.Contains(err.Error(), "unwrap data key") {
		t.Errorf("opens as %q, %v", got, err)
	}
}

func TestNothingPrintsAKeyOrAPlaintext(t *testing.T) {
	key := kek.Generate("k1")
	_, text, _ := strings.Cut(key.Reveal(), ":")
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	d := start(t).restarted(ring(t, key))
	p, person := place(), crypto.Person(id.New())
	sealed, sealing := d.seal(person, p, "canary-plaintext") // the index is of another ring; the person's key is made here
	if sealing != nil {
		t.Fatal(sealing)
	}
	p.Row = "8"
	_, refused := d.open(p, sealed)
	d.shred(person)
	_, shredded := d.open(p, sealed)
	var out strings.Builder
	log := slog.New(slog.NewJSONHandler(&out, nil))
	for _, value := range []any{d.Keys, *d.Keys, ring(t, key), key, refused, shredded, person, p} {
		encoded, _ := json.Marshal(value)
		fmt.Fprintf(&out, "%v %+v %#v %s %x\n", value, value, value, encoded, value)
		log.Info("value", "value", value)
	}
	decimal := strings.Trim(fmt.Sprintf("%v", []any{raw[0], raw[1], raw[2], raw[3], raw[4], raw[5], raw[6], raw[7]}), "[]")
	for _, secret := range []string{text, hex.EncodeToString(raw[:8]), decimal, "canary"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%q is printed:\n%s", secret, out.String())
		}
	}
	if diff := cmp.Diff("open walls.walls.colour: "+crypto.ErrRefused.Error(), refused.Error()); diff != "" {
		t.Error(diff)
	}
}
