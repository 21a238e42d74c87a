package mail_test

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/secret"
	"example.com/myapp/internal/vendors/mail"
	"example.com/myapp/internal/vendors/mail/mailtest"
)

// kind is one Sender, and how to read what it was given for somebody.
type kind struct {
	sender mail.Sender
	sent   func(t *testing.T, to string) []mail.Message
}

// kinds are all Senders there are. What holds for one of them holds for all.
func kinds(t *testing.T) map[string]kind {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "mail")
	server := listen(t, script{})
	box := &mailtest.Box{}
	return map[string]kind{
		"file": {open(t, mail.Options{URL: secret.New("file:" + dir), From: "app@example.com"}), func(t *testing.T, to string) []mail.Message {
			return readFolder(t, dir, to)
		}},
		"smtp": {open(t, server.options(true)), func(t *testing.T, to string) []mail.Message {
			return readAll(t, server.received(), to)
		}},
		"fake": {box, func(_ *testing.T, to string) []mail.Message { return box.Messages(to) }},
	}
}

func open(t *testing.T, o mail.Options) mail.Sender {
	t.Helper()
	sender, err := mail.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

func readFolder(t *testing.T, dir, to string) []mail.Message {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	return readAll(t, texts, to)
}

// readAll reads messages as a mail program does.
func readAll(t *testing.T, texts []string, to string) []mail.Message {
	t.Helper()
	var all []mail.Message
	for _, text := range texts {
		for line := range strings.Lines(text) {
			if len(line) > 200 || strings.ContainsFunc(line, func(r rune) bool { return r > '~' }) {
				t.Errorf("a server may refuse the line %q", line)
			}
		}
		parsed, err := netmail.ReadMessage(strings.NewReader(text))
		if err != nil {
			t.Fatalf("%v in %q", err, text)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
		if err != nil {
			t.Fatal(err)
		}
		reader := parsed.Body
		if parsed.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			reader = quotedprintable.NewReader(reader)
		}
		body, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		m := mail.Message{To: parsed.Header.Get("To"), Subject: subject, Text: strings.ReplaceAll(string(body), "\r\n", "\n")}
		if m.To == to {
			all = append(all, m)
		}
	}
	return all
}

func TestWhatIsSentArrivesAsItWas(t *testing.T) {
	for name, k := range kinds(t) {
		t.Run(name, func(t *testing.T) {
			want := []mail.Message{
				{To: "ann@example.com", Subject: "Grüße, 世界", Text: "a line\n.\n..two dots\n" + strings.Repeat("long ", 400) + "\nÄ = 7\n"},
				{To: "ann@example.com", Subject: "second", Text: ""},
				{To: "ann@example.com", Subject: strings.Repeat("😀", 200), Text: "long"},
			}
			for _, m := range want {
				if err := k.sender.Send(t.Context(), m); err != nil {
					t.Fatal(err)
				}
			}
			// SMTP ends every text with a line end.
			got := k.sent(t, "ann@example.com")
			for i := range got {
				got[i].Text = strings.TrimSuffix(got[i].Text, "\n")
				want[i].Text = strings.TrimSuffix(want[i].Text, "\n")
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestALinkCanBeCopiedOutOfTheFile(t *testing.T) {
	dir := t.TempDir()
	link := "https://example.com/verify#verify_" + strings.Repeat("a=B", 30)
	sender := open(t, mail.Options{URL: secret.New("file:" + dir), From: "app@example.com"})
	if err := sender.Send(t.Context(), mail.Message{To: "ann@example.com", Subject: "hi", Text: "Open this:\n\n" + link + "\n"}); err != nil {
		t.Fatal(err)
	}
	names, _ := filepath.Glob(filepath.Join(dir, "*.eml"))
	if len(names) != 1 {
		t.Fatalf("the files are %v", names)
	}
	if text, err := os.ReadFile(names[0]); err != nil || !strings.Contains(string(text), "\r\n"+link+"\r\n") {
		t.Errorf("error %v, and no %s in\n%s", err, link, text)
	}
}

func TestAMessageThatWritesHeadersIsRefused(t *testing.T) {
	for name, k := range kinds(t) {
		t.Run(name, func(t *testing.T) {
			for attack, m := range map[string]mail.Message{
				"a header by way of the subject":   {To: "ann@example.com", Subject: "hi\r\nBcc: eve@example.com", Text: "x"},
				"a header by way of the recipient": {To: "ann@example.com\r\nBcc: eve@example.com", Subject: "hi", Text: "x"},
				"a second recipient":               {To: "ann@example.com, eve@example.com", Subject: "hi", Text: "x"},
				"a name with the address":          {To: "Ann <ann@example.com>", Subject: "hi", Text: "x"},
				"a letter that looks like another": {To: "аnn@example.com", Subject: "hi", Text: "x"},
				"no recipient":                     {Subject: "hi", Text: "x"},
				"no subject":                       {To: "ann@example.com", Text: "x"},
				"bytes that are not UTF-8":         {To: "ann@example.com", Subject: "hi", Text: "\xff"},
			} {
				if err := k.sender.Send(t.Context(), m); !errors.Is(err, mail.ErrMessage) {
					t.Errorf("%s: got %v", attack, err)
				}
			}
			if got := k.sent(t, "ann@example.com"); len(got) > 0 {
				t.Errorf("sent %v", got)
			}
		})
	}
}

func TestNothingIsSentOnceTheContextIsOver(t *testing.T) {
	for name, k := range kinds(t) {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			err := k.sender.Send(ctx, mail.Message{To: "ann@example.com", Subject: "hi", Text: "x"})
			if !errors.Is(err, context.Canceled) || len(k.sent(t, "ann@example.com")) > 0 {
				t.Errorf("got %v", err)
			}
		})
	}
}
