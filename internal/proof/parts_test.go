package proof

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// domainEdits are those of an owner who has made a domain his own: a column more,
// an option, a job, a route and a permission of his, functions moved and lists
// written anew.
var domainEdits = []edit{
	{"billing.go", "\tName string `json:\"name\" minLength:\"1\" maxLength:\"200\" doc:\"One line\"`\n",
		"\tName string `json:\"name\" minLength:\"1\" maxLength:\"200\" doc:\"One line\"`\n\n\t// Total is in cents.\n\tTotal int64 `json:\"total,omitempty\" minimum:\"0\"`\n"},
	{"billing.go", "func New(database *db.DB) *Service {\n\treturn &Service{\n", "func New(database *db.DB, options ...func(*Service)) *Service {\n\ts := &Service{\n"},
	{"billing.go", "\t\tpurgeAfter: 30 * 24 * time.Hour,\n\t}\n}\n",
		"\t\tpurgeAfter: 60 * 24 * time.Hour,\n\t}\n\tfor _, option := range options {\n\t\toption(s)\n\t}\n\treturn s\n}\n"},
	{"store.go", "const columns = `id, name, version,", "const columns = `id, name, total, version,"},
	{"store.go", "(id, name) values ($1, $2)", "(id, name, total) values ($1, $2, $3)"},
	{"store.go", "[invoiceKind](), f.Name)", "[invoiceKind](), f.Name, f.Total)"},
	{"jobs.go", "\tjobs.Handle(mux, s.db, purge)\n", "\tjobs.Handle(mux, s.db, purge, jobs.Attempts(3))\n\tjobs.Handle(mux, s.db, archive)\n"},
	{"jobs.go", "// purgeInvoice deletes", "// archiveInvoice is ours.\ntype archiveInvoice struct{ ID InvoiceID }\n\n// Kind implements jobs.Job.\n" +
		"func (archiveInvoice) Kind() string { return \"billing.archive_invoice\" }\n\nfunc archive(context.Context, pgx.Tx, archiveInvoice) error { return nil }\n\n// purgeInvoice deletes"},
	{"http.go", "\t}, s.delete)\n", "\t}, s.delete)\n\ts.countRoute(api, tags)\n"},
	{"http.go", "// output shows one", `// countRoute adds a route of ours.
func (s *Service) countRoute(api *httpx.API, tags []string) {
	httpx.Register(api, httpx.Operation{
		Operation: huma.Operation{OperationID: "count-invoices", Summary: "Count", Tags: tags, Method: http.MethodGet, Path: "/v1/billing/count"},
		Access:    httpx.Needs(Count),
	}, func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
}

// output shows one`},
	{"permissions.go", "\tWrite authz.Permission = \"billing.invoice.write\"\n", "\tWrite authz.Permission = \"billing.invoice.write\"\n\tCount authz.Permission = \"billing.invoice.count\"\n"},
	{"permissions.go", "\t\t{Permission: Write, Least: authz.Member, Doc: \"create, change and delete invoices\"},\n",
		"\t\t{Permission: Write, Least: authz.Admin, Doc: \"write\"},\n\t\t{Permission: Count, Least: authz.Owner, Doc: \"count\"},\n"},
}

// longest is as long as the name of an application may be, and has hyphens,
// which stand in no name of Postgres.
const longest = "the-shop-around-the-corner-two"

// lived makes a repository with a domain that its owner has edited.
func lived(t *testing.T, env []string) string {
	t.Helper()
	dir := t.TempDir()
	command{dir, env, startkit, []string{"new", longest, "--module=example.com/shop", "--stack=pre-seed"}}.run(t)
	dir = filepath.Join(dir, longest)
	command{dir, env, startkit, []string{"add", "domain", "billing", "--entity", "invoice"}}.run(t)
	domain := filepath.Join(dir, "internal/domains/billing")
	for _, e := range domainEdits {
		change(t, filepath.Join(domain, e.path), e.old, e.new)
	}
	const total = "-- +goose Up\nalter table billing.invoices add column total bigint not null default 0;\n"
	if err := os.WriteFile(filepath.Join(domain, "migrations/0002_total.sql"), []byte(total), 0o644); err != nil {
		t.Fatal(err)
	}
	routes := filepath.Join(dir, "docs/routes.txt")
	text, err := os.ReadFile(routes)
	if err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{"POST  ", "PUT   ", "DELETE"} { // Write is for admins now
		text = []byte(strings.ReplaceAll(string(text), ". . m a o .  "+method+" /v1/billing", ". . . a o .  "+method+" /v1/billing"))
	}
	text = append(text, ". . . . o .  GET    /v1/billing/count  permission billing.invoice.count\n"...)
	if err := os.WriteFile(routes, text, 0o644); err != nil {
		t.Fatal(err)
	}
	command{dir, env, "gofmt", []string{"-w", "internal/domains/billing"}}.run(t)
	commit(t, dir, env, "a domain of our own")
	return dir
}

// TestPartsAreAddedToADomainThatItsOwnerHasMadeHisOwn adds every kind of part,
// with two names, without a conflict; what it made passes its tests on real
// servers, and goes again without a trace.
func TestPartsAreAddedToADomainThatItsOwnerHasMadeHisOwn(t *testing.T) {
	env := environ(t, t.TempDir())
	dir := lived(t, env)
	look(t, dir, env)
	parts := [][]string{
		{"job", "send-reminder"}, {"job", "settle_the_balance_of_a_whole_year"}, {"endpoint", "approve"}, {"endpoint", "write_off"}, {"event", "overdue"},
		{"migration", "add_due_date"}, {"migration", "create_payments"},
	}
	before := strings.TrimSpace(command{dir, env, "git", []string{"rev-parse", "HEAD"}}.run(t))
	for _, p := range parts {
		if out := (command{dir, env, startkit, append([]string{"add"}, p...)}).run(t); strings.Contains(out, "note ") {
			t.Errorf("%v: %s", p, out)
		}
		commit(t, dir, env, strings.Join(p, " "))
	}
	for _, p := range parts[len(parts)-3:] {
		if out := (command{dir, env, startkit, append([]string{"add"}, p...)}).run(t); !strings.Contains(out, "wrote     nothing") {
			t.Errorf("%v again: %s", p, out)
		}
	}
	held(t, filepath.Join(dir, "internal/domains/billing"), domainEdits)
	look(t, dir, env)
	command{dir, env, "go", []string{"test", "./internal/domains/billing/...", "./internal/archtest/..."}}.run(t)
	command{dir, env, "go", []string{"test", "-run", "TestNoMigration|KeepToTheRules|WhichRoute|EveryTableSays", "./internal/app"}}.run(t)
	for _, p := range parts {
		command{dir, env, startkit, append([]string{"remove", "--force"}, p...)}.run(t)
	}
	commit(t, dir, env, "all gone")
	if out := (command{dir, env, "git", []string{"diff", "--stat", before}}).run(t); out != "" {
		t.Errorf("what was added and removed has left: %s", out)
	}
}
