package config

import (
	"net/mail"
	"net/url"
)

// checkMail refuses what no mail can be sent with, and in production the folder that nobody reads.
func (c Config) checkMail(f *Problems) {
	_, err := mail.ParseAddress(c.MailFrom)
	f.unless(err == nil, "MAIL_FROM", "is not an address; expected app@example.com")

	const expected = "is not where mail can go; expected smtp://user:password@host:587, or smtps:// for TLS from the start"
	u, err := url.Parse(c.MailURL.Reveal()) // its error holds the password
	if err != nil {
		f.add("MAIL_URL", expected)
		return
	}
	switch u.Scheme {
	case "file":
		f.unless(u.Opaque+u.Path != "", "MAIL_URL", "names no folder; expected file:.dev/mail")
		f.unless(!c.Production(), "MAIL_URL", "is a folder, which nobody reads in production; expected smtp:// or smtps://")
	case "smtp", "smtps":
		f.unless(u.Hostname() != "", "MAIL_URL", expected)
	default:
		f.add("MAIL_URL", expected)
	}
}
