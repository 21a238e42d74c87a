package secret_test

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"text/template"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/secret"
)

const canary = "canary-d41d8cd98f"

// holder has a secret where a printer finds it by itself, without a method of ours.
type holder struct {
	Public secret.String
	hidden secret.String
	nested *secret.String
	list   []secret.String
	table  map[string]secret.String
}

func newHolder() holder {
	s := secret.New(canary)
	return holder{Public: s, hidden: s, nested: &s, list: []secret.String{s}, table: map[string]secret.String{"key": s}}
}

// forms are the ways in which a text appears in an output.
func forms() []string {
	bytes := []byte(canary)
	return []string{
		canary,
		hex.EncodeToString(bytes),
		strings.ToUpper(hex.EncodeToString(bytes)),
		fmt.Sprintf("%d", bytes),
		base64.RawStdEncoding.EncodeToString(bytes),
	}
}

func refuseCanary(t *testing.T, output string) {
	t.Helper()
	for _, form := range forms() {
		if strings.Contains(output, form) {
			t.Errorf("the secret is in the output: %s", output)
		}
	}
}

func TestNoVerbPrintsASecret(t *testing.T) {
	s := secret.New(canary)
	err := fmt.Errorf("login with %v: %w", s, errors.New("refused"))
	for _, value := range []any{s, &s, newHolder(), new(newHolder()), []any{s}, err} {
		for _, verb := range strings.Split("vTtbcdoOqxXUeEfFgGsp", "") {
			for _, flags := range []string{"", "+", "#", " ", "-40", ".100", "0"} {
				refuseCanary(t, fmt.Sprintf("%"+flags+verb, value))
			}
		}
	}
}

func TestWhoeverWritesASecretWritesRedacted(t *testing.T) {
	s := secret.New(canary)
	for _, verb := range strings.Split("vdqsxX", "") {
		if got := fmt.Sprintf("%"+verb, s); got != secret.Redacted {
			t.Errorf("%%%s prints %q", verb, got)
		}
	}
	if got := slog.AnyValue(s).Resolve(); !got.Equal(slog.StringValue(secret.Redacted)) {
		t.Errorf("a log gets %v", got)
	}
	if got, err := json.Marshal(s); string(got) != `"[redacted]"` || err != nil {
		t.Errorf("JSON is %s, %v", got, err)
	}
	if got := fmt.Sprint(secret.String{}); got != "" {
		t.Errorf("the empty secret is printed as %q", got)
	}
}

func TestNoLogHoldsASecret(t *testing.T) {
	s := secret.New(canary)
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"json": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
		"text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			log := slog.New(handler(&out)).With("with", s)
			log.Info("login", "value", s, "pointer", &s, "struct", newHolder(), "list", []secret.String{s},
				slog.Group("group", "inside", s), "error", fmt.Errorf("open %v", newHolder()))
			refuseCanary(t, out.String())
			if !strings.Contains(out.String(), secret.Redacted) {
				t.Errorf("nothing says that something was hidden: %s", out.String())
			}
		})
	}
}

func TestNoEncoderWritesASecret(t *testing.T) {
	encoders := map[string]func(*bytes.Buffer, any) error{
		"json": func(b *bytes.Buffer, v any) error { return json.NewEncoder(b).Encode(v) },
		"xml":  func(b *bytes.Buffer, v any) error { return xml.NewEncoder(b).Encode(v) },
		"gob":  func(b *bytes.Buffer, v any) error { return gob.NewEncoder(b).Encode(v) },
		"template": func(b *bytes.Buffer, v any) error {
			return template.Must(template.New("").Parse("{{.}} {{.Public}} {{printf `%q` .Public}}")).Execute(b, v)
		},
		"key of a map": func(b *bytes.Buffer, v any) error {
			return json.NewEncoder(b).Encode(map[string]any{v.(holder).Public.String(): v})
		},
	}
	for name, encode := range encoders {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			_ = encode(&out, newHolder()) // some refuse such a type, which is as good
			refuseCanary(t, out.String())
		})
	}
}

func TestADifferenceOfTestsShowsNoSecret(t *testing.T) {
	if !cmp.Equal(secret.New(canary), secret.New(canary)) {
		t.Error("two secrets of the same text are not equal")
	}
	refuseCanary(t, cmp.Diff(secret.New(canary), secret.New("other")))
}

func TestASecretIsRevealed(t *testing.T) {
	password := secret.New(canary)
	if got := password.Reveal(); got != canary {
		t.Errorf("revealed %q, want %q", got, canary)
	}
	if password.IsZero() || !(secret.String{}).IsZero() {
		t.Error("IsZero does not tell a secret that is set from one that is not")
	}
}
