package mail_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/myapp/internal/platform/secret"
	"example.com/myapp/internal/vendors/mail"
)

// script changes what a fakeServer does.
type script struct {
	starttls bool   // offer it, and then not be able to
	rcpt     string // what is answered to RCPT; empty is 250
	silent   bool   // answer nothing at all
}

// fakeServer speaks as much SMTP as a client needs.
type fakeServer struct {
	script
	addr string

	mu       sync.Mutex
	messages []string
	said     []string
}

func listen(t *testing.T, s script) *fakeServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &fakeServer{script: s, addr: listener.Addr().String()}
	var sessions sync.WaitGroup
	t.Cleanup(func() { _ = listener.Close(); sessions.Wait() })
	sessions.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			sessions.Go(func() { f.serve(conn) })
		}
	})
	return f
}

func (f *fakeServer) options(plain bool) mail.Options {
	return mail.Options{URL: secret.New("smtp://" + f.addr), From: "app@example.com", Plain: plain}
}

func (f *fakeServer) received() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.messages)
}

func (f *fakeServer) serve(conn net.Conn) {
	defer conn.Close()
	lines := bufio.NewReader(conn)
	if f.silent {
		_, _ = lines.ReadString('\n')
		return
	}
	fmt.Fprint(conn, "220 test\r\n")
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		f.mu.Lock()
		f.said = append(f.said, verb)
		f.mu.Unlock()
		switch {
		case verb == "EHLO" && f.starttls:
			fmt.Fprint(conn, "250-test\r\n250 STARTTLS\r\n")
		case verb == "STARTTLS":
			fmt.Fprint(conn, "454 not now\r\n")
		case verb == "RCPT" && f.rcpt != "":
			fmt.Fprint(conn, f.rcpt+"\r\n")
		case verb == "DATA":
			fmt.Fprint(conn, "354 go on\r\n")
			f.take(lines)
			fmt.Fprint(conn, "250 ok\r\n")
		case verb == "QUIT":
			fmt.Fprint(conn, "221 bye\r\n")
			return
		default:
			fmt.Fprint(conn, "250 ok\r\n")
		}
	}
}

// take reads a message up to the line with a dot.
func (f *fakeServer) take(lines *bufio.Reader) {
	var text strings.Builder
	for {
		line, err := lines.ReadString('\n')
		if err != nil || line == ".\r\n" {
			break
		}
		text.WriteString(strings.TrimPrefix(line, "."))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.messages = append(f.messages, text.String())
}

var hello = mail.Message{To: "ann@example.com", Subject: "hi", Text: "x"}

func TestAServerWithoutTLSIsGivenNoMail(t *testing.T) {
	for name, s := range map[string]script{"offers none": {}, "offers it and breaks it off": {starttls: true}} {
		server := listen(t, s)
		err := open(t, server.options(false)).Send(t.Context(), hello)
		if err == nil || len(server.received()) > 0 {
			t.Errorf("%s: got %v", name, err)
		}
		if slices.Contains(server.said, "AUTH") || slices.Contains(server.said, "MAIL") {
			t.Errorf("%s: it was told %v", name, server.said)
		}
	}
}

func TestARecipientWhoDoesNotExistIsToldFromAServerThatIsBusy(t *testing.T) {
	for answer, gone := range map[string]bool{"550 no such ann@example.com": true, "451 later, ann@example.com": false} {
		server := listen(t, script{rcpt: answer})
		err := open(t, server.options(true)).Send(t.Context(), hello)
		if err == nil || errors.Is(err, mail.ErrRecipient) != gone {
			t.Errorf("%s: got %v", answer, err)
		}
		if strings.Contains(fmt.Sprint(err), "ann@") {
			t.Errorf("the error tells the address: %v", err)
		}
	}
}

func TestAServerThatSaysNothingIsLeftWhenTheContextEnds(t *testing.T) {
	server := listen(t, script{silent: true})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := open(t, server.options(true)).Send(ctx, hello); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestAnAddressThatIsNoneIsRefusedWithoutItsPassword(t *testing.T) {
	for _, url := range []string{"", "http://ann:hunter2@example.com", "smtp://ann:hunter2@%zz", ":hunter2"} {
		_, err := mail.Open(mail.Options{URL: secret.New(url), From: "app@example.com"})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got %v", url, err)
		}
	}
}
