package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/platform/logging"
	"example.com/myapp/internal/vendors/oidc/oidctest"
)

// testPerson is somebody with texts that stand nowhere else.
type testPerson struct {
	id, email, name, browser, password string

	// session, workspace and headers are what the requests of the person carry.
	session, workspace string
	headers            map[string]string

	// known is what else is stored of the person.
	known []string
}

// userStory is what people do with the whole application, and what it left.
type userStory struct {
	t       *testing.T
	environ []string
	cfg     config.Config
	api     string
	mails   string
	conn    *pgx.Conn

	// stop stops the application and returns its log, as it is written in development and in production.
	stop func() (log string)

	ann, ben *testPerson

	// secrets say of each secret what it is.
	secrets map[string]string

	// texts are what customers write.
	texts []string

	// answers are the bodies of all answers, and refusals those of them that refuse.
	answers, refusals []string

	// provider is where people sign in elsewhere.
	provider *oidctest.Provider
}

// newStory starts the application, which writes its mails into a folder. More is what is not as usual in its environment.
func newStory(t *testing.T, more ...string) *userStory {
	s := &userStory{t: t, mails: filepath.Join(t.TempDir(), "mails"), secrets: make(map[string]string)}
	s.environ = append(available(t), "LOG_LEVEL=debug", "MAIL_URL=file:"+s.mails)
	s.provider = oidctest.New(t)
	s.environ = append(s.environ, "OIDC_ISSUER="+s.provider.URL, "OIDC_CLIENT_ID="+oidctest.ClientID, "OIDC_CLIENT_SECRET="+oidctest.ClientSecret)
	s.environ = append(s.environ, more...)
	cfg, err := config.Load(s.environ)
	if err != nil {
		t.Fatal(err)
	}
	s.cfg = cfg
	s.conn, err = pgx.Connect(t.Context(), cfg.DatabaseURL.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.conn.Close(t.Context()) })

	var text, lines strings.Builder
	urls, debug := make(addresses), logging.Options{Level: slog.LevelDebug}
	inText := logging.Options{Level: slog.LevelDebug, Text: true}
	log := slog.NewMultiHandler(urls, logging.New(&text, inText).Handler(), logging.New(&lines, debug).Handler())
	ctx, signal := context.WithCancel(t.Context())
	a, err := open(ctx, cfg, slog.New(log), everyRole())
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	s.api = urls["api"]
	s.stop = sync.OnceValue(func() string {
		signal()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		return text.String() + lines.String()
	})
	t.Cleanup(func() { s.stop() })
	s.ann, s.ben = s.person("ann"), s.person("ben")
	return s
}

func (s *userStory) person(name string) *testPerson {
	p := &testPerson{email: "canary-mail-" + name + "@example.com", name: "canary-name-" + name, browser: "canary-browser-" + name}
	p.headers = map[string]string{"If-Match": "*"}
	p.password = s.secret("canary-password-"+name, "a password")
	return p
}

func (s *userStory) secret(text, what string) string {
	s.secrets[text] = what
	return text
}

// send sends a request of a person, with arguments in its body, and fails if the answer has another status.
func (s *userStory) send(p *testPerson, want int, request, body string, args ...any) []byte {
	s.t.Helper()
	method, path, _ := strings.Cut(request, " ")
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.api+path, strings.NewReader(fmt.Sprintf(body, args...)))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", p.browser)
	for name, value := range p.headers {
		r.Header.Set(name, value)
	}
	if p.workspace != "" {
		r.Header.Set("X-Workspace", p.workspace)
	}
	r.AddCookie(&http.Cookie{Name: "session", Value: p.session})
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer w.Body.Close()
	answer, err := io.ReadAll(w.Body)
	if err != nil || w.StatusCode != want {
		s.t.Fatalf("%s: want %d, got %d %s %v", request, want, w.StatusCode, answer, err)
	}
	s.answers = append(s.answers, string(answer))
	if want >= http.StatusBadRequest {
		s.refusals = append(s.refusals, string(answer))
	}
	for _, c := range w.Cookies() {
		if p.session = c.Value; p.session != "" {
			s.secret(p.session, "a session")
		}
	}
	return answer
}

// read returns a field of an answer.
func (s *userStory) read(answer []byte, field string) string {
	var fields map[string]any
	if err := json.Unmarshal(answer, &fields); err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprint(fields[field])
}

// settle waits until every job is done, or has failed and waits.
func (s *userStory) settle() {
	for waiting := 1; waiting > 0; time.Sleep(10 * time.Millisecond) {
		err := s.conn.QueryRow(s.t.Context(), "select count(*) from jobs.jobs where last_error = ''").Scan(&waiting)
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

// link returns the token in the newest mail to a person.
func (s *userStory) link(p *testPerson) string {
	s.t.Helper()
	s.settle()
	names, err := filepath.Glob(filepath.Join(s.mails, "*.eml"))
	for _, name := range slices.Backward(names) {
		text, _ := os.ReadFile(name)
		message, _ := mail.ReadMessage(bytes.NewReader(text))
		if message == nil || message.Header.Get("To") != p.email {
			continue
		}
		body, _ := io.ReadAll(quotedprintable.NewReader(message.Body))
		if found := regexp.MustCompile(`#(\w+_[\w-]+)`).FindSubmatch(body); found != nil {
			return s.secret(string(found[1]), "the link of a mail")
		}
	}
	s.t.Fatalf("no mail with a link to %s in %v %v", p.email, names, err)
	return ""
}

// loseMail makes every mail fail from here on.
func (s *userStory) loseMail() {
	if err := os.RemoveAll(s.mails); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(s.mails, nil, 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// dump is the rows of every table, as text, once the application has stopped. Postgres lets the owner of the tables see the
// rows of all tenants for as long as this transaction lives; with row_security off it refuses rather than leave out any.
func (s *userStory) dump() map[string]string {
	s.t.Helper()
	tx, err := s.conn.Begin(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	defer tx.Rollback(s.t.Context())
	const tables = `
		select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`
	rows, _ := tx.Query(s.t.Context(), tables) // its error is that of CollectRows
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		s.t.Fatal(err)
	}
	dump := make(map[string]string)
	for _, name := range names {
		if _, err := tx.Exec(s.t.Context(), "set local row_security = off; alter table "+name+" no force row level security"); err != nil {
			s.t.Fatal(err)
		}
		var text string
		err := tx.QueryRow(s.t.Context(), `select coalesce(string_agg(t::text, e'\n'), '') from `+name+` t`).Scan(&text)
		if err != nil {
			s.t.Fatal(err)
		}
		dump[name] = text
	}
	return dump
}
