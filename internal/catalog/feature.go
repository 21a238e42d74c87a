package catalog

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/module"

	"github.com/startkit/startkit/internal/manifest"
)

// Words are the words of feature.mod. templates/README.md explains each, and
// a test holds the two together.
var Words = []string{"feature", "alias", "summary", "ask", "needs", "with", "provides", "after", "conflicts", "env", "require"}

var (
	featureName = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	envName     = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
)

func readFeature(root fs.FS, dir string) (*Feature, error) {
	file := path.Join(dir, "feature.mod")
	data, err := fs.ReadFile(root, file)
	if err != nil {
		return nil, err
	}
	rows, err := manifest.Parse(file, data)
	if err != nil {
		return nil, err
	}
	f := &Feature{Dir: dir}
	f.Layer, _, _ = strings.Cut(dir, "/")
	for i, row := range rows {
		if i == 0 {
			f.Doc = row.Doc
		}
		if err := f.row(row); err != nil {
			return nil, &manifest.Error{File: file, Line: row.Line, What: err.Error()}
		}
	}
	if f.Name == "" || f.Summary == "" {
		return nil, &manifest.Error{File: file, Line: 1, What: "a feature has a feature row and a summary row"}
	}
	return f, f.readFiles(root)
}

// row takes one row of feature.mod.
func (f *Feature) row(row manifest.Row) error {
	word, args := row.Word(0), row.Words[1:]
	switch word {
	case "env":
		e, err := parseEnv(row)
		f.Env = append(f.Env, e)
		return err
	case "require":
		return f.require(args)
	}
	if len(args) != 1 {
		return fmt.Errorf("%s takes one word, not %d", word, len(args))
	}
	if err := f.note(row); err != nil {
		return err
	}
	return f.word(word, args[0])
}

// note takes what stands behind a row of one word.
func (f *Feature) note(row manifest.Row) error {
	switch word := row.Word(0); {
	case row.Note == "":
	case word == "feature" && row.Note == "part":
		f.Part = true
	case word == "provides" && row.Note == "default":
		f.Default = append(f.Default, row.Word(1))
	default:
		return fmt.Errorf("unknown note %q behind %s; feature knows part, and provides knows default", row.Note, word)
	}
	return nil
}

func (f *Feature) word(word, arg string) error {
	switch word {
	case "feature":
		if !featureName.MatchString(arg) {
			return fmt.Errorf("%q is no name for a feature: lower-case letters, digits and hyphens", arg)
		}
		f.Name = arg
	case "alias":
		f.Alias = arg
	case "summary":
		f.Summary = arg
	case "ask":
		f.Ask = arg
	case "needs":
		f.Needs = append(f.Needs, arg)
	case "with":
		f.With = append(f.With, arg)
	case "provides":
		f.Provides = append(f.Provides, arg)
	case "after":
		f.After = append(f.After, arg)
	case "conflicts":
		f.Conflicts = append(f.Conflicts, arg)
	default:
		return fmt.Errorf("unknown word %q; feature.mod knows %s", word, strings.Join(Words, ", "))
	}
	return nil
}

func (f *Feature) require(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("require takes a module path and a version")
	}
	m := module.Version{Path: args[0], Version: args[1]}
	if err := module.Check(m.Path, m.Version); err != nil {
		return err
	}
	f.Require = append(f.Require, m)
	return nil
}

// parseEnv reads a row like: env REDIS_TIMEOUT 200ms // secret required.
// The type follows from the value; what is none of the others is a string.
func parseEnv(row manifest.Row) (Env, error) {
	if len(row.Words) != 3 {
		return Env{}, fmt.Errorf("env takes a name and a value")
	}
	e := Env{Name: row.Word(1), Default: row.Word(2), Type: "string", Doc: row.Doc}
	if !envName.MatchString(e.Name) {
		return e, fmt.Errorf("%q is no name for an environment variable", e.Name)
	}
	if e.Doc == "" {
		return e, fmt.Errorf("%s has no comment above it that says what it means", e.Name)
	}
	if !row.Quoted[2] {
		e.Type = typeOf(e.Default)
	}
	for note := range strings.FieldsSeq(row.Note) {
		switch note {
		case "secret":
			e.Secret, e.Type = true, "Secret"
		case "required":
			e.Required = true
		default:
			return e, fmt.Errorf("unknown note %q behind %s; env knows secret and required", note, e.Name)
		}
	}
	return e, nil
}

func typeOf(value string) string {
	if _, err := strconv.Atoi(value); err == nil {
		return "int"
	}
	if value == "true" || value == "false" {
		return "bool"
	}
	if _, err := time.ParseDuration(value); err == nil {
		return "time.Duration"
	}
	return "string"
}
