package apikeys_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/domains/apikeys"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/id"
)

// forge is a key of a right form with the id of another, as whoever has read the docs can make one.
func forge(text string) string {
	base := base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
	at := strings.LastIndex(text, "_") + 1
	forged := text[:at] + base.EncodeToString(make([]byte, 32))
	return forged + base.EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(forged))))
}

func TestAttackAKeyFromADumpOfTheDatabase(t *testing.T) {
	t.Attr("tried", "find an API key in a dump of the database, and write into it the hash of one that was forged")
	t.Attr("stopped", "the database keeps an HMAC, whose key lies there encrypted")
	w := start(t)
	key, text := w.make(writing)
	dump := dbtest.Value[string](t, db.AcrossTenants(w.database, "dump the database"), `select string_agg(k::text, ' ') from apikeys.keys k`)
	random := text[strings.LastIndex(text, "_")+1:]
	for _, value := range []string{random, hex.EncodeToString([]byte(random)), hex.EncodeToString([]byte(text))} {
		if strings.Contains(dump, value) {
			t.Errorf("%q stands in the dump", value)
		}
	}
	forged := forge(text)
	w.refuses("a forged key", forged)
	sum := sha256.Sum256([]byte(forged))
	mac := hmac.New(sha256.New, nil)
	mac.Write([]byte(forged))
	for what, hash := range map[string][]byte{"its hash": sum[:], "its HMAC without a key": mac.Sum(nil)} {
		write := dbtest.Exec(`update apikeys.keys set hash = $2 where id = $1`, key.ID, hash)
		if err := w.database.As("apikeys").InTx(w.ctx(), write); err != nil {
			t.Fatal(err)
		}
		w.refuses(what, forged)
	}
}

func TestAttackAKeyThatIsOver(t *testing.T) {
	t.Attr("tried", "use an API key after it was revoked, and after it expired")
	t.Attr("stopped", "each request asks the database")
	w := start(t)
	key, text := w.make(reading)
	w.works("before", text)
	if err := w.Revoke(w.ctx(), key.ID); err != nil {
		t.Fatal(err)
	}
	w.refuses("at the next request", text)

	_, text = w.make(reading)
	w.works("before it expires", text)
	if err := w.database.As("apikeys").InTx(w.ctx(), dbtest.Exec(`update apikeys.keys set expires_at = now()`)); err != nil {
		t.Fatal(err)
	}
	w.refuses("after it expired", text)
}

func TestAttackTheScopesOfAKeyAreWidened(t *testing.T) {
	t.Attr("tried", "make a key that may do more than its maker, and use one whose maker may do less by now")
	t.Attr("stopped", "scopes are compared when a key is made, and with what its maker may do at each request")
	w := start(t)
	beyond := apikeys.CreateRequest{Name: "robot", Scopes: []string{string(reading), "orders.order.delete"}, Life: time.Hour}
	if _, _, err := w.Create(w.ctx(), beyond); !errors.Is(err, apikeys.ErrBeyond) {
		t.Errorf("a scope that the maker lacks: %v", err)
	}
	key, text := w.make(writing)
	who, err := w.authenticate(text, authz.NewSet(reading))
	if diff := cmp.Diff(authz.Set{}, who.Permissions); diff != "" || err != nil {
		t.Errorf("%v: a key of a maker who may only read may (-want +got):\n%s", err, diff)
	}
	other := w
	other.maker.Permissions = authz.NewSet(reading, "apikeys.key.write")
	if _, _, err := other.Rotate(other.ctx(), key.ID, time.Hour); !errors.Is(err, apikeys.ErrBeyond) {
		t.Errorf("another rotates it: %v", err)
	}
	w.works("and has not ended it", text)
}

func TestAttackAKeyOfAnotherWorkspaceIsChanged(t *testing.T) {
	t.Attr("tried", "see, rotate and revoke the API key of another workspace")
	t.Attr("stopped", "row level security")
	w := start(t)
	key, text := w.make(reading)
	eve := w
	eve.maker.Tenant = id.New()
	if found, err := eve.List(eve.ctx()); err != nil || len(found) != 0 {
		t.Errorf("list: %v, %v", found, err)
	}
	if _, _, err := eve.Rotate(eve.ctx(), key.ID, 0); !errors.Is(err, apikeys.ErrNotFound) {
		t.Errorf("rotate: %v", err)
	}
	if err := eve.Revoke(eve.ctx(), key.ID); !errors.Is(err, apikeys.ErrNotFound) {
		t.Errorf("revoke: %v", err)
	}
	w.works("it", text)
}

func TestAttackTextsThatAreNoKeyCostNoQuery(t *testing.T) {
	t.Attr("tried", "keep the database busy with texts that look like API keys")
	t.Attr("stopped", "the form and the checksum are looked at first")
	w := start(t)
	_, text := w.make(reading)
	w.works("a key", text)
	w.database.Close()
	if _, err := w.authenticate(text, w.maker.Permissions); err == nil || errors.Is(err, authz.ErrAnonymous) {
		t.Fatalf("a key is judged without the database: %v", err)
	}
	last := map[bool]string{true: "b", false: "a"}[strings.HasSuffix(text, "a")]
	for what, wrong := range map[string]string{
		"nothing":              "",
		"another checksum":     text[:len(text)-1] + last,
		"cut off":              text[:len(text)-1],
		"longer":               text + "a",
		"of another setting":   strings.Replace(text, "live", "test", 1),
		"in upper case":        strings.ToUpper(text),
		"another id":           strings.Replace(text, "_0", "_1", 1),
		"a session":            "session_" + text,
		"a line behind it":     text + "\n",
		"a character in front": "x" + text,
	} {
		w.refuses(what, wrong)
	}
}
