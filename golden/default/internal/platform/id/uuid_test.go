package id

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestUUIDIsVersion7(t *testing.T) {
	at := time.Date(2022, 2, 22, 19, 22, 22, 500_000, time.UTC) // the example of RFC 9562, and half a millisecond
	u := newAt(at)

	if got, want := u.String()[:19], "017f22e2-79b0-7800-"; got != want {
		t.Errorf("time, version and fraction are %s, want %s", got, want)
	}
	if variant := u.String()[19]; !strings.ContainsRune("89ab", rune(variant)) {
		t.Errorf("variant is %c, want one of 8, 9, a, b", variant)
	}
}

func TestUUIDsSortByTheTimeOfMaking(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var made []string
	for range 10_000 {
		at = at.Add(250 * time.Nanosecond)
		made = append(made, newAt(at).String())
	}
	if !slices.IsSorted(made) {
		t.Error("UUIDs made 250 ns apart are not in order")
	}
}

func TestUUIDsMadeAtOneMomentDiffer(t *testing.T) {
	at := time.Now()
	seen := make(map[UUID]bool)
	for range 10_000 {
		seen[newAt(at)] = true
	}
	if len(seen) != 10_000 {
		t.Errorf("%d distinct UUIDs of 10000", len(seen))
	}
}

func TestUUIDReadsOnlyItsOwnForm(t *testing.T) {
	const text = "01890a5d-ac96-774b-bcce-b302099a8057"
	u, err := ParseUUID(text)
	if err != nil || u.String() != text {
		t.Fatalf("ParseUUID(%s) = %v, %v", text, u, err)
	}
	if upper, err := ParseUUID(strings.ToUpper(text)); err != nil || upper != u {
		t.Errorf("upper case is %v, %v", upper, err)
	}
	for _, bad := range []string{
		"", "01890a5dac96774bbcceb302099a8057", "{" + text + "}", "urn:uuid:" + text, text + " ",
		strings.Replace(text, "a", "g", 1), strings.Replace(text, "-", "0", 1),
	} {
		if u, err := ParseUUID(bad); err == nil {
			t.Errorf("ParseUUID(%q) = %v, want an error", bad, u)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New()
	}
}
