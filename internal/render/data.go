package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/catalog"
	"github.com/startkit/startkit/internal/name"
	"github.com/startkit/startkit/internal/plan"
)

// data is what a template sees. templates/README.md documents it.
type data struct {
	// Name is the application's name, Module its module path.
	Name, Module string
	// Ident is the name as an identifier of SQL: hyphens become underscores.
	Ident string
	// Stack are the features of the plan in start order.
	Stack []stackFeature
	// Env are the environment variables of the whole stack.
	Env []env
	// Domains are the domains by name.
	Domains []domain

	// Domain, Entity and Entities are set where a template is rendered for a
	// domain: its name, its entity in the singular and in the plural.
	Domain           string
	Entity, Entities name.Form

	// Part is set where a template is rendered for a part of a domain: its name.
	// For a migration Made is the table or the column that it makes, and Number
	// what its file name begins with.
	Part, Made name.Form
	Number     string
}

// stackFeature is what a template sees of a feature.
type stackFeature struct {
	Name, Summary string
	Env           []env
}

// domain is what a template sees of a domain outside of it.
type domain struct {
	Name             string
	Entity, Entities name.Form
}

// env is an environment variable as a template sees it.
type env struct {
	catalog.Env
	// Field is the name of its field in the configuration.
	Field string
}

// Lines are the lines of what the variable means.
func (e env) Lines() []string { return strings.Split(e.Doc, "\n") }

// Text is what the variable means, on one line.
func (e env) Text() string { return strings.Join(e.Lines(), " ") }

// Preset is the value that holds where nothing is said: "" for a variable that
// is required.
func (e env) Preset() string {
	if e.Required {
		return ""
	}
	return e.Default
}

// Shown is the default as a table shows it.
func (e env) Shown() string {
	switch {
	case e.Required:
		return "required"
	case e.Default == "":
		return "none"
	}
	return "`" + e.Default + "`"
}

// Tag is the tag of its field.
func (e env) Tag() string {
	tag := fmt.Sprintf("env:%q", e.Name)
	if v := e.Preset(); v != "" {
		tag += fmt.Sprintf(" envDefault:%q", v)
	}
	return "`" + tag + "`"
}

func newData(p plan.Plan) data {
	a := p.Answers
	d := data{Name: a.Name, Module: a.Module, Ident: strings.ReplaceAll(a.Name, "-", "_")}
	for _, s := range p.Steps {
		f := stackFeature{Name: s.Feature.Name, Summary: s.Feature.Summary}
		for _, e := range s.Feature.Env {
			e.Default = d.path(e.Default)
			f.Env = append(f.Env, env{Env: e, Field: field(e.Name)})
		}
		d.Stack = append(d.Stack, f)
		d.Env = append(d.Env, f.Env...)
	}
	for _, dom := range a.Domains {
		d.Domains = append(d.Domains, domain{dom.Name, name.Form(dom.Entity), name.Form(dom.Plural)})
	}
	return d
}

func (d data) withDomain(dom answers.Domain) data {
	d.Domain, d.Entity, d.Entities = dom.Name, name.Form(dom.Entity), name.Form(dom.Plural)
	return d
}

func (d data) withPart(p answers.Part) data {
	d.Part = name.Form(p.Name)
	if p.Kind == answers.Migration {
		d.Made, _ = name.Made(p)
		d.Number = fmt.Sprintf("%04d", p.Number)
	}
	return d
}

// path replaces the variables of a path, or of the default of an environment
// variable: {name}, {ident}, {domain}, {entity}, {entities}, {number}, and
// {job} and its like for the name of a part of that kind.
func (d data) path(p string) string {
	if !strings.Contains(p, "{") {
		return p
	}
	pairs := []string{"{name}", d.Name, "{ident}", d.Ident, "{domain}", d.Domain,
		"{entity}", d.Entity.Snake(), "{entities}", d.Entities.Snake(), "{number}", d.Number}
	for _, kind := range answers.Kinds {
		pairs = append(pairs, "{"+kind+"}", d.Part.Snake())
	}
	return strings.NewReplacer(pairs...).Replace(p)
}

// initialisms are spelt in capitals in Go's names.
var initialisms = []string{"HTTP", "URL", "ID", "API", "TLS", "TTL", "SQL", "OIDC", "SMTP", "IP"}

// field returns the name of a field for an environment variable:
// DATABASE_URL becomes DatabaseURL.
func field(env string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(env, "_") {
		if slices.Contains(initialisms, part) {
			b.WriteString(part)
			continue
		}
		b.WriteString(part[:1] + strings.ToLower(part[1:]))
	}
	return b.String()
}
