package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"net/textproto"
	"net/url"
	"time"

	"example.com/myapp/internal/platform/secret"
)

// sendTimeout bounds one message for a caller whose context has no end.
const sendTimeout = 30 * time.Second

// errPlain is for a server that would have mail and password in the clear.
var errPlain = errors.New("the server offers no TLS")

// server is the Sender that speaks SMTP, with a connection for each message: what this program sends is little.
type server struct {
	addr     string
	from     string
	user     string
	password secret.String

	implicit bool // TLS from the first byte
	plain    bool // TLS may be missing
	tls      *tls.Config
}

func newSMTP(u *url.URL, o Options) *server {
	s := &server{
		from:     o.From,
		user:     u.User.Username(),
		implicit: u.Scheme == "smtps",
		plain:    o.Plain,
		tls:      &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12},
	}
	password, _ := u.User.Password()
	s.password = secret.New(password)
	port := "587"
	if s.implicit {
		port = "465"
	}
	s.addr = net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), port))
	return s
}

// Send implements Sender.
func (s *server) Send(ctx context.Context, m Message) error {
	text, err := format(m, s.from, time.Now())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	client, err := s.connect(ctx)
	if err != nil {
		return fmt.Errorf("connect to the mail server: %w", within(ctx, err))
	}
	defer client.Close()
	if err := s.deliver(client, m.To, text); err != nil {
		return fmt.Errorf("send mail: %w", within(ctx, code(err)))
	}
	return nil
}

// connect returns a client that is done with TLS and the password. The connection ends with ctx, whatever it waits for.
func (s *server) connect(ctx context.Context) (*smtp.Client, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.addr)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, func() { _ = conn.Close() })
	if s.implicit {
		conn = tls.Client(conn, s.tls)
	}
	client, err := smtp.NewClient(conn, s.tls.ServerName)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	if err := s.secure(client); err != nil {
		return nil, errors.Join(err, client.Close())
	}
	return client, nil
}

// secure turns to TLS before anything is said that others must not hear.
func (s *server) secure(client *smtp.Client) error {
	offered, _ := client.Extension("STARTTLS")
	switch {
	case s.implicit:
	case offered:
		if err := client.StartTLS(s.tls); err != nil {
			return err
		}
	case !s.plain:
		return errPlain
	}
	if s.user == "" {
		return nil
	}
	return client.Auth(smtp.PlainAuth("", s.user, s.password.Reveal(), s.tls.ServerName))
}

func (s *server) deliver(client *smtp.Client, to string, text []byte) error {
	if err := client.Mail(s.from); err != nil {
		return err
	}
	if err := client.Rcpt(to); err != nil {
		return gone(err)
	}
	w, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	if err := w.Close(); err != nil { // the server has it when this returns
		return err
	}
	_ = client.Quit() // a farewell; nothing depends on the answer
	return nil
}

// gone tells a recipient who does not exist from a server that has no time now.
func gone(err error) error {
	if answer, ok := errors.AsType[*textproto.Error](err); ok && answer.Code >= 500 {
		return fmt.Errorf("%w: code %d", ErrRecipient, answer.Code)
	}
	return err
}

// code leaves of what the server answered the code: its words hold the address.
func code(err error) error {
	if answer, ok := errors.AsType[*textproto.Error](err); ok {
		return fmt.Errorf("the server answered %d", answer.Code)
	}
	return err
}

// within says that ctx ended, where the connection was closed for it.
func within(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return errors.Join(ctx.Err(), err)
	}
	return err
}
