package name

import (
	"go/token"
	"regexp"
	"slices"
	"strings"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/fault"
)

// maxPart bounds the name of a part: it is a file's, a type's, and what rows of
// the database say.
const maxPart = 40

// createTable is what the name of a migration begins with that makes a table,
// and addColumn what one may begin with that adds a column.
const (
	createTable = "create_"
	addColumn   = "add_"
)

// Made is what a migration makes, by its name: create_payments makes the table
// payments; add_due_date, and due_date too, add the column due_date.
func Made(p answers.Part) (made Form, table bool) {
	if t, ok := strings.CutPrefix(p.Name, createTable); ok && t != "" {
		return Form(t), true
	}
	if c, ok := strings.CutPrefix(p.Name, addColumn); ok && c != "" {
		return Form(c), false
	}
	return Form(p.Name), false
}

// personal are names that columns with personal data have: those of which a
// test of the generated repository asks what they hold of people.
var personal = regexp.MustCompile(`(^|_)(e?mail|name|phone|mobile|address|street|city|zip|ip|birth|birthday|gender|iban|user_agent)($|_)`)

// Personal says whether a part adds a column that reads as personal data.
func Personal(p answers.Part) bool {
	made, table := Made(p)
	return p.Kind == answers.Migration && !table && personal.MatchString(made.Snake())
}

// CheckPart says whether a part of a domain can be called that. Whether the
// name is free in the domain, only its code can say.
func CheckPart(p answers.Part) error {
	bad := func(why string) error {
		return fault.BadName("the "+p.Kind, p.Name, why, "startkit add "+p.Kind+" "+partExamples[p.Kind]+" --domain "+p.Domain)
	}
	switch {
	case len(p.Name) > maxPart:
		return bad("is longer than 40 characters")
	case !entityForm.MatchString(p.Name):
		return bad("may hold lower-case letters, digits and single underscores or hyphens between them, and starts with a letter")
	case p.Kind == answers.Migration:
		if why := madeFlaw(p); why != "" {
			return bad(why)
		}
	case p.Kind != answers.Event && token.IsKeyword(Form(p.Name).Var()):
		return bad("is a keyword of Go")
	case p.Kind == answers.Job && slices.Contains(predeclared, Form(p.Name).Var()):
		return bad("has a meaning of its own in Go")
	case p.Kind == answers.Job && (slices.Contains(standard, p.Name) || slices.Contains(packages, p.Name)):
		return bad("is a package that the code of a domain may import")
	}
	return nil
}

// partExamples are names that a part of a kind can have.
var partExamples = map[string]string{answers.Job: "send_reminder", answers.Event: "overdue", answers.Endpoint: "approve", answers.Migration: "add_due_date"}

// madeFlaw says why a migration cannot make what its name says, or "".
func madeFlaw(p answers.Part) string {
	made, table := Made(p)
	switch {
	case !entityForm.MatchString(made.Snake()):
		return "names no column: " + made.Snake()
	case slices.Contains(sqlReserved, made.Snake()):
		return "would make " + made.Snake() + ", which is a reserved word of Postgres"
	case table && made == "schema_migrations":
		return "would make schema_migrations, in which goose keeps what was applied"
	case !table && slices.Contains(columns, made.Snake()):
		return "would add " + made.Snake() + ", which is a column already"
	}
	return ""
}

// columns are those of the first table of a domain, and those that Postgres
// gives to every table.
var columns = []string{"tenant_id", "id", "name", "version", "created_at", "updated_at", "deleted_at", "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"}
