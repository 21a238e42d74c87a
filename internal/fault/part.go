package fault

import (
	"fmt"
	"strings"
)

// NoDomain says that no domain has that name.
func NoDomain(name string, there []string) error {
	next := []string{"startkit add domain " + name}
	if len(there) > 0 {
		next = append([]string{"there: " + strings.Join(there, ", ")}, next...)
	}
	return refused(next, "no domain is called %s", name)
}

// WhichDomain says that a part is to go into one of several domains, or that
// there is none.
func WhichDomain(command string, there []string) error {
	if len(there) == 0 {
		return refused([]string{"startkit add domain NAME"}, "there is no domain to work on")
	}
	return usage([]string{command + " --domain " + strings.Join(there, "|")}, "there are %d domains; say which", len(there))
}

// ReadyMade says that a domain came with startkit, which goes on changing it.
func ReadyMade(name string) error {
	return refused([]string{"write it by hand, as what is there is written", "startkit add domain NAME      a domain of your own"},
		"%s is a feature, whose files follow updates; only a domain of your own takes parts", name)
}

// PartTwice says that the answers name one part twice.
func PartTwice(kind, name, domain string) error {
	return usage(nil, "the %s %s of %s is named twice", kind, name, domain)
}

// PartOfNone says that the answers name a part of a domain that they do not name.
func PartOfNone(kind, name, domain string, there []string) error {
	next := []string{"domain " + domain + " entity NOUN plural PLURAL      its row in startkit.mod, or take out that of the " + kind}
	if len(there) > 0 {
		next = append([]string{"there: " + strings.Join(there, ", ")}, next...)
	}
	return usage(next, "the %s %s is of the domain %s, which is not there", kind, name, domain)
}

// Number is one that two migrations of a domain have, and the next free one.
type Number struct {
	Domain      string
	Taken, Free int
}

// NumberTwice says that two migrations of a domain have one number, as those of
// two branches have once they are merged, and which number is free.
func NumberTwice(a, b string, n Number) error {
	file := func(number int) string {
		return fmt.Sprintf("internal/domains/%s/migrations/%04d_%s.sql", n.Domain, number, b)
	}
	return usage([]string{
		"git mv " + file(n.Taken) + " " + file(n.Free) + "      or the other one, if it has not run anywhere yet",
		fmt.Sprintf("migration %s domain %s number %d      its row in startkit.mod", b, n.Domain, n.Free),
	}, "the migrations %s and %s of %s have the number %d both; give one of them the number %d", a, b, n.Domain, n.Taken, n.Free)
}

// MadeTwice says that a migration would make what is there.
func MadeTwice(migration, domain, by string) error {
	return refused([]string{"startkit add migration NAME --domain " + domain + "      another table or column"},
		"the migration %s of %s would make what %s makes already; nothing was written", migration, domain, by)
}

// NoPart says that a domain has no part of that kind and name.
func NoPart(kind, name, domain string, there []string) error {
	var next []string
	if len(there) > 0 {
		next = []string{"there: " + strings.Join(there, ", ")}
	}
	return refused(next, "startkit added no %s %s to %s", kind, name, domain)
}

// Declared says that the code of a domain has a name already that a part would
// give to something else.
func Declared(name, at, command string) error {
	return refused([]string{command + "      another name"}, "%s is declared in %s already; nothing was written", name, at)
}

// MigrationThere says that the owners wrote a migration of that name.
func MigrationThere(path, command string) error {
	return refused([]string{command + "      another name"}, "%s is there already; nothing was written", path)
}

// NoCode says that nothing is left where the code of a domain was.
func NoCode(folder string) error {
	return refused([]string{"git log -- " + folder + "      where it went"}, "%s holds no Go file any longer; nothing was written", folder)
}
