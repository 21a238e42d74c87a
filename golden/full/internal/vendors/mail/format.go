package mail

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"regexp"
	"strings"
	"time"
)

// simple is a text that can go as it is. Encoded, a link in it could not be copied out of a file.
var simple = regexp.MustCompile(`\A([ -~]{0,150}\n)*[ -~]{0,150}\z`)

// format writes m as RFC 5322 has it. Its lines are ASCII and short, whatever the text is.
func format(m Message, from string, now time.Time) ([]byte, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(from, "@")
	encoding := "quoted-printable"
	if simple.MatchString(m.Text) {
		encoding = "7bit"
	}
	var b bytes.Buffer
	for _, header := range [][2]string{
		{"From", from},
		{"To", m.To},
		{"Subject", strings.ReplaceAll(mime.QEncoding.Encode("utf-8", m.Subject), "?= =?", "?=\r\n =?")},
		{"Date", now.Format(time.RFC1123Z)},
		{"Message-ID", "<" + rand.Text() + "@" + domain + ">"},
		{"Auto-Submitted", "auto-generated"},
		{"MIME-Version", "1.0"},
		{"Content-Type", "text/plain; charset=utf-8"},
		{"Content-Transfer-Encoding", encoding},
	} {
		fmt.Fprintf(&b, "%s: %s\r\n", header[0], header[1])
	}
	b.WriteString("\r\n")
	if encoding == "7bit" {
		b.WriteString(strings.ReplaceAll(m.Text, "\n", "\r\n"))
		return b.Bytes(), nil
	}
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(m.Text)) // a bytes.Buffer takes everything
	_ = w.Close()
	return b.Bytes(), nil
}
