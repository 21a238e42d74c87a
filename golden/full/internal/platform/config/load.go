package config

import (
	"os"
	"reflect"
	"strconv"
	"strings"
	"time"

	"example.com/myapp/internal/platform/secret"
)

// fileSuffix marks the variable that holds the path of a file with the value, as secrets are mounted into containers.
const fileSuffix = "_FILE"

// Row is one variable as one prints it.
type Row struct {
	// Name is the variable.
	Name string

	// Value is what the process uses. A secret hides itself when it is printed.
	Value any

	// Source is where the value comes from: environment, file or default.
	Source string
}

// Load reads environ, which has the form of os.Environ. Its error is a Problems, which names every variable that is wrong.
// The Config that comes with an error is for printing only.
func Load(environ []string) (Config, error) {
	c, _, err := LoadRows(environ)
	return c, err
}

// LoadRows is Load, and returns all variables too, in the order of Config.
func LoadRows(environ []string) (c Config, rows []Row, err error) {
	vars := make(map[string]string)
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		vars[name] = value
	}
	var found Problems
	for field, value := range reflect.ValueOf(&c).Elem().Fields() {
		name := field.Tag.Get("env")
		text, source := lookup(vars, name, &found)
		if text == "" {
			text, source = field.Tag.Get("envDefault"), "default"
		}
		if expected, err := set(value.Addr().Interface(), text); err != nil {
			found.add(name, "is not "+expected)
		}
		rows = append(rows, Row{Name: name, Value: value.Interface(), Source: source})
	}
	c.check(&found)
	c.checkMail(&found)
	c.checkPostgres(&found)
	c.checkCrypto(&found)
	c.checkRedis(&found)
	c.checkRateLimit(&found)
	found.unless(c.JobsConcurrency >= 1, "JOBS_CONCURRENCY", atLeast1)
	found.unless(c.JobsAdmitAge >= 0, "JOBS_ADMIT_AGE", "must not be negative")
	c.checkEvents(&found)
	c.checkIdentity(&found)
	c.checkOIDC(&found)
	if len(found) > 0 {
		err = found.inOrder(rows)
	}
	return c, rows, err
}

// lookup returns the text of a variable and where it stands; from a file without the line end that editors add.
func lookup(vars map[string]string, name string, found *Problems) (text, source string) {
	text, path := vars[name], vars[name+fileSuffix]
	if path == "" {
		return text, "environment"
	}
	if text != "" {
		found.add(name, "is set twice; keep it or "+name+fileSuffix)
		return text, "environment"
	}
	content, err := os.ReadFile(path)
	if err != nil {
		found.add(name+fileSuffix, "is no readable file: "+err.Error())
	}
	return strings.TrimRight(string(content), "\r\n"), "file"
}

// set reads a text into a field, or says in words what it should have been. The text is not repeated: it may be a secret that
// stands in the wrong variable.
func set(field any, text string) (expected string, err error) {
	switch field := field.(type) {
	case *string:
		*field = text
	case *Secret:
		*field = secret.New(text)
	case *bool:
		*field, err = strconv.ParseBool(text)
		return "true or false", err
	case *int:
		*field, err = strconv.Atoi(text)
		return "a whole number", err
	case *time.Duration:
		*field, err = time.ParseDuration(text)
		return "a duration; expected a number with a unit, such as 500ms, 10s or 2m", err
	default:
		return "of a type that the environment can have", strconv.ErrSyntax
	}
	return "", nil
}
