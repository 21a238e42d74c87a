package password

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/myapp/internal/platform/secret"
)

// cheap returns a Hasher whose hashes cost next to nothing.
func cheap(atOnce int) *Hasher {
	h := New(atOnce)
	h.cost = cost{memory: 8, passes: 1, lanes: 1}
	h.decoy = encode(h.cost, random(saltLen), random(sumLen))
	return h
}

func TestAPasswordMatchesItsOwnHashOnly(t *testing.T) {
	h := New(1)
	stored, err := h.Hash(t.Context(), secret.New("correct horse"))
	if err != nil || !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%q, %v", stored, err)
	}
	for plain, want := range map[string]bool{"correct horse": true, "correct horsf": false, "": false} {
		match, stale, err := h.Compare(t.Context(), secret.New(plain), stored)
		if match != want || stale || err != nil {
			t.Errorf("%q: match %t, stale %t, %v", plain, match, stale, err)
		}
	}
}

func TestAUserWhoIsNotThereCostsWhatOneWhoIsCosts(t *testing.T) {
	h := cheap(1)
	stored, err := h.Hash(t.Context(), secret.New("correct horse"))
	if err != nil {
		t.Fatal(err)
	}
	for name, hash := range map[string]string{"known": stored, "unknown": ""} {
		before := h.Made()
		if match, _, err := h.Compare(t.Context(), secret.New("wrong"), hash); match || err != nil {
			t.Errorf("%s: match %t, %v", name, match, err)
		}
		if n := h.Made() - before; n != 1 {
			t.Errorf("%s: %d hashes, want 1", name, n)
		}
	}
	if known, unknown := strings.Split(stored, "$")[3], strings.Split(h.decoy, "$")[3]; known != unknown {
		t.Errorf("the parameters are %s for known and %s for unknown users", known, unknown)
	}
}

func TestAHashWithOtherParametersIsStale(t *testing.T) {
	stored, err := cheap(1).Hash(t.Context(), secret.New("correct horse"))
	if err != nil {
		t.Fatal(err)
	}
	if match, stale, err := New(1).Compare(t.Context(), secret.New("correct horse"), stored); !match || !stale || err != nil {
		t.Errorf("match %t, stale %t, %v", match, stale, err)
	}
}

func TestWhatIsNoHashIsAnErrorWithoutIt(t *testing.T) {
	for _, stored := range []string{"x", "$argon2id$v=19$m=0,t=0,p=0$$", "$argon2i$v=19$m=8,t=1,p=1$AAAA$AAAA", "$2a$10$abcdefg"} {
		_, _, err := cheap(1).Compare(t.Context(), secret.New("x"), stored)
		if !errors.Is(err, errFormat) {
			t.Errorf("%s: got %v", stored, err)
		}
	}
}

func TestTwoHundredAtOnceStayWithinTheMemoryOfFour(t *testing.T) {
	h := New(4)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var all sync.WaitGroup
	var mu sync.Mutex
	var others []error
	for range 200 {
		all.Go(func() {
			_, err := h.Hash(context.WithoutCancel(t.Context()), secret.New("correct horse"))
			if err != nil && !errors.Is(err, ErrBusy) { // a slow machine refuses some, which is what it is for
				mu.Lock()
				defer mu.Unlock()
				others = append(others, err)
			}
		})
	}
	all.Wait()
	runtime.ReadMemStats(&after)
	if len(others) > 0 {
		t.Error(others)
	}
	// HeapSys is the most that the heap has held. What a collection has not yet found doubles the four.
	const bound = 3 * 4 * 19 << 20
	if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > bound {
		t.Errorf("the heap grew by %d MiB, want at most %d", grown>>20, bound>>20)
	}
}

func TestWhoWaitsTooLongIsRefused(t *testing.T) {
	h := cheap(1)
	h.turns <- struct{}{} // somebody is at work and does not end
	over, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	if _, err := h.Hash(over, secret.New("x")); !errors.Is(err, ErrBusy) {
		t.Errorf("the request has no time left: got %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Hash(gone, secret.New("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("the client has left: got %v", err)
	}
	if h.Made() != 0 {
		t.Errorf("%d hashes were made", h.Made())
	}
}

func TestAPasswordIsRefusedForItsLengthOrForBeingCommon(t *testing.T) {
	for plain, want := range map[string]error{
		"seven77": ErrLength, strings.Repeat("x", 129): ErrLength, "ééééééé": ErrLength,
		"Password123": ErrCommon, "qwertyuiop": ErrCommon,
		"ééééééés": nil, strings.Repeat("é", 128): nil, "        ": nil, "correct horse": nil, "日本語のパスワード": nil,
	} {
		err := Check(secret.New(plain))
		if !errors.Is(err, want) || err != nil && strings.Contains(err.Error(), plain) {
			t.Errorf("%q: got %v, want %v", plain, err, want)
		}
	}
}

func TestTheListOfCommonPasswordsIsSortedAndHoldsWhatCouldBeChosen(t *testing.T) {
	words := strings.Fields(commonText)
	if !slices.IsSorted(words) || len(slices.Compact(slices.Clone(words))) != len(words) || len(words) < 300 {
		t.Errorf("%d words, some twice or out of order", len(words))
	}
	for _, word := range words {
		if len([]rune(word)) < shortest || word != strings.ToLower(normal(secret.New(word))) {
			t.Errorf("%q need not be in it", word)
		}
	}
}
