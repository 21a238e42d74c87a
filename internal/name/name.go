// Package name decides which names an application, a module, a domain and an
// entity may have, and spells an entity the ways in which code needs it. What
// it refuses would otherwise fail later and further away: in the Go compiler,
// in Postgres, or on a colleague's Windows machine.
package name

import (
	"go/token"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/fault"
)

var (
	appForm    = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	domainForm = regexp.MustCompile(`^[a-z][a-z0-9]*$`)
	entityForm = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
)

// maxName bounds a name: with prefix and suffix it must fit into the 63 bytes
// of a Postgres identifier.
const maxName = 30

// CheckApp says whether an application, its folder and its binary can be
// called that.
func CheckApp(s string) error {
	if strings.ContainsAny(s, `/\`) || s == "." || s == ".." {
		return fault.BadName("the name", s, "is a path; the name is its last element", "startkit new NAME --dir PATH")
	}
	if why := appFlaw(s); why != "" {
		return fault.BadName("the name", s, why, "startkit new "+appLike(s))
	}
	return nil
}

// appFlaw says why an application cannot be called that, or "".
func appFlaw(s string) string {
	switch {
	case len(s) > maxName:
		return "is longer than 30 characters"
	case !appForm.MatchString(s):
		return "may hold lower-case letters, digits and single hyphens between them, and starts with a letter"
	case token.IsKeyword(s):
		return "is a keyword of Go"
	case reservedFile(s):
		return "is a device on Windows; nobody could check the repository out there"
	case slices.Contains(appTaken, s):
		return "has another meaning in the generated repository"
	case slices.Contains(rolesTaken, s) || s == "pg" || strings.HasPrefix(s, "pg-"):
		return "is a name that Postgres keeps for its own roles and databases"
	}
	return ""
}

// appLike returns a name like s that an application can have.
func appLike(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	like := strings.Join(words, "-")
	like = strings.Trim(like[:min(len(like), maxName)], "-")
	for _, like := range []string{like, like + "app", "my-" + like} {
		if appFlaw(like) == "" {
			return like
		}
	}
	return "myapp"
}

// CheckModule says whether a path can be the module's.
func CheckModule(s string) error {
	bad := func(why string) error {
		return fault.BadName("the module path", s, why, "--module=example.com/myapp")
	}
	first, _, _ := strings.Cut(s, "/")
	if err := module.CheckImportPath(s); err != nil {
		return bad("cannot be imported: " + cause(err))
	}
	if err := module.CheckPath(s); err != nil {
		if !strings.Contains(first, ".") {
			return bad("has no dot in its first element, which the go command keeps for the standard library")
		}
		return bad("is no module path: " + cause(err))
	}
	if _, major, ok := module.SplitPathVersion(s); ok && major != "" {
		return bad("ends in a major version; a new repository starts at v0")
	}
	return nil
}

// cause returns the last part of an error of x/mod, which repeats the path.
func cause(err error) string {
	s := err.Error()
	return s[strings.LastIndex(s, ": ")+len(": "):]
}

// CheckDomain says whether a domain and its entity can be called that.
func CheckDomain(d answers.Domain) error {
	if why := domainFlaw(d.Name); why != "" {
		return fault.BadName("the domain", d.Name, why, "startkit add domain "+suggestion(d.Name))
	}
	return CheckEntity(d)
}

// domainFlaw says why a domain cannot be called that, or "".
func domainFlaw(s string) string {
	switch {
	case len(s) > maxName:
		return "is longer than 30 characters"
	case !domainForm.MatchString(s):
		return "is a Go package and a Postgres schema: lower-case letters and digits, a letter first"
	case token.IsKeyword(s) || slices.Contains(predeclared, s):
		return "has a meaning of its own in Go"
	case slices.Contains(standard, s):
		return "is a package of the standard library"
	case slices.Contains(packages, s) || slices.Contains(near, s):
		return "has another meaning in the generated repository"
	case slices.Contains(sqlReserved, s) || strings.HasPrefix(s, "pg"):
		return "is a reserved word of Postgres"
	case reservedFile(s):
		return "is a device on Windows; nobody could check the repository out there"
	}
	return ""
}

// CheckEntity says whether the entity of a domain can be called that.
func CheckEntity(d answers.Domain) error {
	for _, s := range []string{d.Entity, d.Plural} {
		bad := func(why string) error {
			return fault.BadName("the entity", s, why, "startkit add domain "+d.Name+" --entity item")
		}
		switch {
		case len(s) > maxName:
			return bad("is longer than 30 characters")
		case !entityForm.MatchString(s):
			return bad("may hold lower-case letters, digits and single underscores between them, and starts with a letter")
		case token.IsKeyword(s) || slices.Contains(predeclared, s):
			return bad("has a meaning of its own in Go")
		case slices.Contains(entityTaken, s) || slices.Contains(entityTaken, Form(s).Var()):
			return bad("is taken by the code of a domain")
		case slices.Contains(described, s):
			return bad("is in the API of the generated repository already")
		case slices.Contains(standard, s) || slices.Contains(packages, s):
			return bad("is a package that the code of a domain may import")
		}
	}
	if d.Entity == d.Plural {
		return fault.BadName("the entity", d.Entity, "needs a plural that differs from it", "startkit add domain "+d.Name+" --entity "+d.Entity+" --plural "+d.Entity+"_list")
	}
	if slices.Contains(sqlReserved, d.Plural) {
		return fault.BadName("the plural", d.Plural, "is a reserved word of Postgres", "--plural "+d.Plural+"_list")
	}
	return nil
}

// suggestion returns a name like s that a domain can have.
func suggestion(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' && b.Len() > 0 {
			b.WriteRune(r)
		}
	}
	for _, like := range []string{b.String(), Plural(b.String())} {
		if domainFlaw(like) == "" {
			return like
		}
	}
	return "billing"
}
