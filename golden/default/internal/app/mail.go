package app

import (
	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/vendors/mail"
)

// openMail returns what sends mails. Only production insists on TLS.
func openMail(cfg config.Config) (mail.Sender, error) {
	return mail.Open(mail.Options{URL: cfg.MailURL, From: cfg.MailFrom, Plain: !cfg.Production()})
}
