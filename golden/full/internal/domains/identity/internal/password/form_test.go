package password

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"example.com/myapp/internal/platform/secret"
)

// The same password, as it comes from different keyboards and systems.
var typed = map[string]string{
	"composed":   "pass\u00e9 \u1ec7 \uac01",
	"decomposed": "passe\u0301 e\u0323\u0302 \u1100\u1161\u11a8",
	"mixed":      "pass\u00e9 \u1eb9\u0302 \uac00\u11a8",
	"full width": "\uff50\uff41\uff53\uff53\u00e9\u3000\u1ec7\u3000\uac01",
}

func TestAPasswordIsTheSameWhereverItIsTyped(t *testing.T) {
	h := cheap(1)
	for chosen, first := range typed {
		stored, err := h.Hash(t.Context(), secret.New(first))
		if err != nil {
			t.Fatal(err)
		}
		for again, second := range typed {
			if match, _, err := h.Compare(t.Context(), secret.New(second), stored); !match || err != nil {
				t.Errorf("chosen %s, typed %s: match %t, %v", chosen, again, match, err)
			}
		}
		if match, _, err := h.Compare(t.Context(), secret.New("passe e \uac00"), stored); match || err != nil {
			t.Errorf("chosen %s: without accents it matches, %v", chosen, err)
		}
	}
}

func TestAPasswordIsCheckedInTheFormInWhichItIsHashed(t *testing.T) {
	for plain, want := range map[string]error{
		strings.Repeat("e\u0301", 7): ErrLength, strings.Repeat("e\u0301", 8): nil,
		strings.Repeat("e\u0301", 128): nil, strings.Repeat("e\u0301", 129): ErrLength,
		strings.Repeat("\u03b1\u0313\u0300\u0345", 128): nil, strings.Repeat("\u03b1\u0313\u0300\u0345", 129): ErrLength,
		strings.Repeat("\ufdfa", 7): nil, strings.Repeat("\ufdfa", 8): ErrLength, // 18 characters each
		"contrasen\u0303a": ErrCommon, "\uff30\uff41\uff53\uff53\uff57\uff4f\uff52\uff44\uff11": ErrCommon,
	} {
		if err := Check(secret.New(plain)); !errors.Is(err, want) {
			t.Errorf("%+q: got %v, want %v", plain, err, want)
		}
	}
}

func TestWhatIsFarTooLongIsNeitherNormalisedNorHashedWhole(t *testing.T) {
	h := cheap(1)
	widest := strings.Repeat("\ufdfa", 1<<20)
	if n := len(normal(secret.New(widest))); n > 11*mostBytes {
		t.Errorf("%d bytes are hashed", n)
	}
	valid := strings.Repeat("\u03b1\u0313\u0300\u0345", longest)
	stored, err := h.Hash(t.Context(), secret.New(valid))
	if err != nil {
		t.Fatal(err)
	}
	for name, plain := range map[string]string{"more": valid + "x", "far more": valid + strings.Repeat("x", 1<<20), "wide": widest} {
		if err := Check(secret.New(plain)); !errors.Is(err, ErrLength) {
			t.Errorf("%s: got %v", name, err)
		}
		if match, _, err := h.Compare(t.Context(), secret.New(plain), stored); match || err != nil {
			t.Errorf("%s: match %t, %v", name, match, err)
		}
	}
}

// What is cut off must leave enough to be too long in whatever form: a character is made of so many others at most.
func TestNoCharacterIsMadeOfMoreThanFour(t *testing.T) {
	for r := range rune(unicode.MaxRune + 1) {
		if n := utf8.RuneCountInString(norm.NFD.String(string(r))); n > parts {
			t.Errorf("%U is made of %d", r, n)
		}
	}
	for _, r := range []string{"\U0001f600", "\xf0", "\u1f82"} { // four bytes, none that is a character, four others
		if n := utf8.RuneCountInString(normal(secret.New(strings.Repeat(r, mostBytes)))); n <= longest {
			t.Errorf("%+q: cut to %d characters, a length that may be chosen", r, n)
		}
	}
}
