// Package mail sends what a person must read.
//
// Message and Sender are the words in which the rest of the program speaks of mail. Open returns the Sender that an address
// names: an SMTP server, or on one's own machine a folder. What a Message must keep to is checked before anything is sent, so
// that nobody writes headers by way of a subject. Sending is slow and fails now and then: do it in a job, which is tried again.
package mail

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.com/myapp/internal/platform/secret"
)

// The errors that trying again does not mend.
var (
	// ErrMessage is that of a message which must not be sent.
	ErrMessage = errors.New("not a message that can be sent")

	// ErrRecipient is that of a recipient whom the server does not take: the address does not exist, or not any longer.
	ErrRecipient = errors.New("the recipient was refused")
)

// maxSubject bounds the subject, in characters.
const maxSubject = 200

// Message is a mail to one person.
type Message struct {
	// To is a bare address: ann@example.com.
	To string

	// Subject is one line, 200 characters at most.
	Subject string

	// Text is plain text in UTF-8, with lines of any length.
	Text string
}

// Sender sends messages. It is safe for concurrent use.
type Sender interface {
	// Send hands m over before ctx ends, or returns why not. One that was handed over may still be sent again by a caller who
	// did not learn of it.
	Send(ctx context.Context, m Message) error
}

// Options say where mail goes.
type Options struct {
	// URL is smtp://, smtps:// or file:FOLDER. With smtp:// the connection becomes TLS by STARTTLS.
	URL secret.String

	// From is the bare address of the sender.
	From string

	// Plain allows an SMTP server without TLS: on one's own machine only.
	Plain bool
}

// Open returns the Sender that o names. It connects to nothing.
func Open(o Options) (Sender, error) {
	if !IsAddress(o.From) {
		return nil, fmt.Errorf("open mail: the sender is not an address")
	}
	u, err := url.Parse(o.URL.Reveal())
	if err != nil {
		return nil, errors.New("open mail: the address is not a URL") // err holds the password
	}
	switch u.Scheme {
	case "file":
		return &folder{path: u.Opaque + u.Path, from: o.From}, nil
	case "smtp", "smtps":
		return newSMTP(u, o), nil
	default:
		return nil, errors.New("open mail: the address begins with none of smtp://, smtps:// and file: in it")
	}
}

// Check returns ErrMessage, with what is wrong, for a message that no Sender may send.
func (m Message) Check() error {
	switch {
	case !IsAddress(m.To):
		return fmt.Errorf("%w: the recipient is not one address", ErrMessage)
	case m.Subject == "" || utf8.RuneCountInString(m.Subject) > maxSubject || strings.ContainsFunc(m.Subject, unicode.IsControl) || strings.ContainsAny(m.Subject, "\u2028\u2029"):
		return fmt.Errorf("%w: the subject is not one line of at most %d characters", ErrMessage, maxSubject)
	case !utf8.ValidString(m.Subject + m.Text):
		return fmt.Errorf("%w: the text is not UTF-8", ErrMessage)
	}
	return nil
}

// IsAddress says whether s is an address and nothing besides: no name, no comment, no second address, no line of a header. It is
// ASCII: not every server takes others, of which two can look alike or be the same in small letters.
func IsAddress(s string) bool {
	parsed, err := mail.ParseAddress(s)
	odd := func(r rune) bool { return r < ' ' || r > '~' }
	return err == nil && parsed.Address == s && parsed.Name == "" && len(s) <= 254 && !strings.ContainsFunc(s, odd)
}
