package fault

import (
	"fmt"
	"strings"
)

// UnknownFeature says that the stack names what does not exist.
func UnknownFeature(names, known []string) error {
	var called []string
	for _, n := range names {
		if n == "" {
			n = `""` // as behind a comma too many
		}
		called = append(called, n)
	}
	return usage([]string{"known: " + strings.Join(known, ", "), "startkit list            what each of them brings"},
		"no feature is called %s", strings.Join(called, ", "))
}

// NoLicense says that no licence has that name.
func NoLicense(name string, known []string) error {
	return usage([]string{"--license=" + strings.Join(known, "|")}, "no licence is called %s", name)
}

// NoSetting says what is wrong with a value that is to be set, in the words of
// the error that found it.
func NoSetting(form string, err error) error {
	what, _, _ := strings.Cut(err.Error(), "\n")
	return &Error{Kind: Usage, What: what, Next: []string{"startkit set " + form}, Err: err}
}

// ChooseProvider says that a need can be met by several features or by none.
func ChooseProvider(feature, need string, providers []string) error {
	if len(providers) == 0 {
		return usage(nil, "%s needs %s, and no feature provides it", feature, need)
	}
	var next []string
	for _, p := range providers {
		next = append(next, fmt.Sprintf("--stack=%s,%s", p, feature))
	}
	return usage(next, "%s needs %s, which %s provide; choose one", feature, need, strings.Join(providers, " and "))
}

// Conflicting says that two features exclude each other.
func Conflicting(a, b string) error {
	return usage([]string{"leave one of them out of --stack"}, "%s and %s cannot stand together", a, b)
}

// BothProvide says that two features provide the same thing.
func BothProvide(a, b, what string) error {
	return usage([]string{"leave one of them out of --stack"}, "%s and %s both provide %s; choose one", a, b, what)
}

// DomainTwice says that the answers name one domain twice.
func DomainTwice(name string) error {
	return usage(nil, "the domain %s is named twice", name)
}

// EntityTwice says that two domains have an entity of one name.
func EntityTwice(entity, a, b string) error {
	return usage([]string{"startkit add domain " + b + " --entity " + b + "_" + entity},
		"%s and %s both have the entity %s, and the API names operations by it; nothing was written", a, b, entity)
}

// BadName says that a name cannot be used, why, and what would do.
func BadName(what, name, why string, next ...string) error {
	return usage(next, "%s %q: %s", what, name, why)
}

// TwoFiles says that two templates write one path.
func TwoFiles(path, template string) error {
	return refused([]string{"choose another name for what is added"}, "%s is there already, and %s would write it again; nothing was written", path, template)
}
