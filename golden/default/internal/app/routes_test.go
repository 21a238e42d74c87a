package app

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/token"

	"example.com/myapp/internal/domains/workspaces"
)

var updateRoutes = flag.Bool("update", false, "write docs/routes.txt anew")

// routesFile says of each route who may use it, so that whoever opens a route to more people changes a letter there.
const routesFile = "../../docs/routes.txt"

// routeAsker is one in whose name all routes are asked for: nobody, a user with a role where a tenant is named, or an operator.
type routeAsker struct {
	letter   string
	role     authz.Role
	operator bool

	id      id.UUID
	session string
	hash    []byte
	headers map[string]string
}

// routeAskers are all of them, in the order of the letters.
func routeAskers() []routeAsker {
	list := []routeAsker{
		{letter: "n"},
		{letter: "v", role: authz.Viewer}, {letter: "m", role: authz.Member}, {letter: "a", role: authz.Admin}, {letter: "o", role: authz.Owner},
		{letter: "p", operator: true},
	}
	for i := range list[1:] {
		session, hash := token.Kind("session").New()
		list[i+1].id, list[i+1].session, list[i+1].hash = id.New(), session.Reveal(), hash
	}
	return list
}

// askedApp is the whole application, of which routes are asked for.
type askedApp struct {
	t         *testing.T
	environ   []string
	api       string
	servedOps []httpx.Operation
	conn      *pgx.Conn

	// tenant is the header of those who have a role.
	tenant string
}

func openAsked(t *testing.T) *askedApp {
	environ := append(available(t), "RATE_LIMIT=0") // hundreds of requests follow
	cfg, err := config.Load(environ)
	if err != nil {
		t.Fatal(err)
	}
	urls := make(addresses)
	a, err := open(t.Context(), cfg, slog.New(urls), role{api: true})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), cfg.DatabaseURL.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		conn.Close(t.Context())
		if err := a.close(t.Context()); err != nil {
			t.Error(err)
		}
	})
	return &askedApp{t: t, environ: environ, api: urls["api"], servedOps: a.servedOps, conn: conn}
}

func (s *askedApp) exec(query string, args ...any) {
	s.t.Helper()
	if _, err := s.conn.Exec(s.t.Context(), query, args...); err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
}

// admit signs somebody in, who may have been signed out, or put out, by what was asked for before.
func (s *askedApp) admit(who routeAsker) {
	if who.session == "" {
		return
	}
	const signIn = `
		with a as (insert into identity.users (id, email, operator) values ($1, $2, $3) on conflict do nothing)
		insert into identity.sessions (id, user_id, token_hash, user_agent, expires_at)
		values ($1, $1, $4, '', now() + interval '1 hour') on conflict do nothing`
	s.exec(signIn, who.id, who.letter+"@example.com", who.operator, who.hash)
	if who.role != "" && s.tenant != "" {
		s.exec(`insert into workspaces.members (user_id, role) values ($1, $2) on conflict do nothing`, who.id, string(who.role))
	}
}

// enter makes the tenant in which those who have a role act, if there are tenants, and somebody its owner.
func (s *askedApp) enter(owner routeAsker) {
	s.t.Helper()
	s.admit(owner)
	status, answer := s.ask(owner, http.MethodPost, "/v1/workspaces", `{"name": "w"}`)
	var made struct{ ID workspaces.WorkspaceID }
	if err := json.Unmarshal(answer, &made); err != nil || status != http.StatusCreated {
		s.t.Fatalf("%d %s", status, answer)
	}
	s.tenant = made.ID.String()
	s.exec(`select set_config('app.tenant_id', $1, false)`, made.ID.UUID().String())
}

// ask sends what is hardly a request, and returns the answer. Whoever may use the route is told what it lacks.
func (s *askedApp) ask(who routeAsker, method, path, body string) (status int, answer []byte) {
	s.t.Helper()
	status, answer, err := s.send(who, method, path, body)
	if err != nil {
		s.t.Error(err)
	}
	return status, answer
}

func (s *askedApp) send(who routeAsker, method, path, body string) (status int, answer []byte, err error) {
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.api+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	if who.session != "" {
		r.AddCookie(&http.Cookie{Name: "session", Value: who.session})
	}
	if who.role != "" && s.tenant != "" {
		r.Header.Set(authz.TenantHeader, s.tenant)
	}
	for name, value := range who.headers {
		r.Header.Set(name, value)
	}
	w, err := http.DefaultTransport.RoundTrip(r) // which follows no redirect
	if err != nil {
		return 0, nil, err
	}
	defer w.Body.Close()
	answer, err = io.ReadAll(w.Body)
	return w.StatusCode, answer, err
}

// may says whether somebody is let through to an operation.
func (s *askedApp) may(who routeAsker, op httpx.Operation) bool {
	s.admit(who)
	status, answer := s.ask(who, op.Method, op.Path, "{}")
	var problem httpx.Problem
	_ = json.Unmarshal(answer, &problem) // what is none has no code
	return status != http.StatusUnauthorized && status != http.StatusForbidden && problem.Code != "workspace_required"
}

// readRoutes returns the comment at the head of the file, and its lines.
func readRoutes(t *testing.T) (head, lines []string) {
	t.Helper()
	text, err := os.ReadFile(routesFile)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") {
			head = append(head, line)
		} else {
			lines = append(lines, line)
		}
	}
	return head, lines
}

func TestWhoMayUseWhichRouteIsWhatTheDocsSay(t *testing.T) {
	t.Parallel()
	s, all := openAsked(t), routeAskers()
	s.enter(all[4])
	var got []string
	for _, op := range s.servedOps {
		letters := ""
		for _, who := range all {
			if !s.may(who, op) {
				who.letter = "."
			}
			letters += who.letter + " "
		}
		line := fmt.Sprintf("%s %-6s %s  %s  %s", letters, op.Method, op.Path, op.Access, op.Audit)
		got = append(got, strings.TrimSpace(line))
	}
	head, want := readRoutes(t)
	if *updateRoutes {
		text := strings.Join(slices.Concat(head, got), "\n") + "\n"
		if err := os.WriteFile(routesFile, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("docs/routes.txt is not what the routes answer (-docs +routes); if it is meant so: make routes\n%s", diff)
	}
}
