package totp_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/domains/identity/internal/totp"
)

// The secret of RFC 6238, appendix B.
var secret = []byte("12345678901234567890")

func TestTheCodesAreThoseOfTheRFC(t *testing.T) {
	// The vectors have eight digits, of which the last six are the code of six.
	want := map[int64]string{
		59:          "94287082",
		1111111109:  "07081804",
		1111111111:  "14050471",
		1234567890:  "89005924",
		2000000000:  "69279037",
		20000000000: "65353130",
	}
	for second, vector := range want {
		if got := totp.Code(secret, time.Unix(second, 0)); got != vector[2:] {
			t.Errorf("at %d: got %s, want %s", second, got, vector[2:])
		}
	}
}

func TestACodeIsFoundOneStepEarlyAndOneStepLate(t *testing.T) {
	at := time.Unix(1234567890, 0)
	code := totp.Code(secret, at)
	for off, want := range map[time.Duration]bool{
		-2 * totp.Step: false, -totp.Step: true, 0: true, totp.Step: true, 2 * totp.Step: false,
	} {
		step, found := totp.Find(secret, code, at.Add(off))
		if found != want || found && step != 1234567890/30 {
			t.Errorf("%s off: step %d, found %v", off, step, found)
		}
	}
	for _, text := range []string{"", "0", code + "0", code[1:]} {
		if _, found := totp.Find(secret, text, at); found {
			t.Errorf("%q is taken for a code", text)
		}
	}
}

func TestTheURIIsWhatAppsRead(t *testing.T) {
	uri, err := url.Parse(totp.URI("my app", "ann+x@example.com", secret))
	if err != nil {
		t.Fatal(err)
	}
	got := []string{uri.Scheme, uri.Host, uri.Path, uri.Query().Get("secret"), uri.Query().Get("issuer")}
	want := []string{"otpauth", "totp", "/my app:ann+x@example.com", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "my app"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestASecretIsLongAndNewEachTime(t *testing.T) {
	first, second := totp.NewSecret(), totp.NewSecret()
	if len(first) != 20 || totp.Text(first) == totp.Text(second) {
		t.Errorf("%x, then %x", first, second)
	}
}
