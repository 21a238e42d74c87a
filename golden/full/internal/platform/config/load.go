package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"
)

// Load reads environ, which has the form of os.Environ. Its error is a Problems, which names every variable that is wrong.
// The Config that comes with an error is for printing only.
func Load(environ []string) (Config, error) {
	params, err := env.GetFieldParams(&Config{})
	if err != nil {
		return Config{}, fmt.Errorf("read the tags of Config: %w", err)
	}
	vars := env.ToMap(environ)
	found := readFiles(vars, params)

	c, err := env.ParseAsWithOptions[Config](env.Options{Environment: vars})
	unread, err := unreadable(err, params)
	if err != nil {
		return Config{}, err
	}
	found = append(found, unread...)
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
	if len(found) == 0 {
		return c, nil
	}
	return c, found.inOrder(params)
}

// unreadable turns the errors of the parser, which name fields of Config, into problems, which name variables. Those that
// are not about a value are returned: they are mistakes in Config's tags.
func unreadable(err error, params []env.FieldParams) (Problems, error) {
	var all env.AggregateError
	if !errors.As(err, &all) {
		return nil, err
	}
	var found Problems
	for _, err := range all.Errors {
		var failed env.ParseError
		i := -1
		if errors.As(err, &failed) {
			i = slices.IndexFunc(params, func(param env.FieldParams) bool {
				return strings.EqualFold(failed.Name, strings.ReplaceAll(param.Key, "_", ""))
			})
		}
		if i < 0 {
			return nil, fmt.Errorf("read the environment: %w", all)
		}
		found.add(params[i].Key, "is not "+expected(failed.Type.String()))
	}
	return found, nil
}

// expected says in words what a field of that Go type is written as. The value is not repeated: it may be a secret that
// stands in the wrong variable.
func expected(goType string) string {
	switch goType {
	case "time.Duration":
		return "a duration; expected a number with a unit, such as 500ms, 10s or 2m"
	case "int":
		return "a whole number"
	case "bool":
		return "true or false"
	default:
		return "a " + goType
	}
}
