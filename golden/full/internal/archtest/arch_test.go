package archtest

import (
	"fmt"
	"os"
	"slices"
	"testing"
)

// list is where the domains are declared.
const list = "internal/archtest/domains.go"

func TestNoWallIsBroken(t *testing.T) {
	uses, err := scan(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, breach := range breaches(uses, Domains()) {
		t.Error(breach)
	}
	self := func(u use) bool { return u.file == "internal/archtest/arch_test.go" && u.pkg == "testing" }
	if !slices.ContainsFunc(uses, self) {
		t.Errorf("%d uses were read, and not those of this file: what was read is not the repository", len(uses))
	}
}

// breach is what stands in the way, why it may not, and the way out.
func breach(what, why, fix string) string {
	return fmt.Sprintf("%s\n    wall: %s\n    fix:  %s", what, why, fix)
}

// breaches returns which uses break a wall, and what is not as the list of domains says.
func breaches(uses []use, domains []Domain) []string {
	var found []string
	walls := walls()
	for _, u := range uses {
		if i := slices.IndexFunc(walls, func(w wall) bool { return w.breaks(u) }); i >= 0 {
			found = append(found, breach(u.String(), walls[i].why, walls[i].fix))
		}
	}
	found = append(found, undeclared(uses, domains)...)
	found = append(found, unused(uses, domains)...)
	found = append(found, cycles(domains)...)
	return found
}

// undeclared returns the domains, and the edges between them, that the list does not allow.
func undeclared(uses []use, domains []Domain) []string {
	var found []string
	knows := make(map[string][]string)
	for _, d := range domains {
		knows[d.Name] = d.Knows
		if d.Owner == "" {
			found = append(found, breach("domain "+d.Name+" has no owner",
				"somebody answers for each domain", "name them in "+list))
		}
	}
	reported := make(map[string]bool)
	for _, u := range uses {
		from, to := domainOf(u.file), domainOf(u.pkg)
		if _, ok := knows[from]; from != "" && !ok && !reported[from] {
			reported[from] = true
			found = append(found, breach("domain "+from+" is not in the list",
				"the list names every domain and who answers for it", "add it to "+list))
		}
		if from == "" || to == "" || from == to || u.name != "" || slices.Contains(knows[from], to) {
			continue
		}
		found = append(found, breach(u.String(),
			"an edge between domains is a decision, since it is hard to take back; "+from+" may not know "+to,
			"take an interface of what is needed, which internal/app hands in; or add the edge in "+list))
	}
	return found
}

// unused returns what stands in the list and not in the code.
func unused(uses []use, domains []Domain) []string {
	const why = "the list is what new colleagues learn from"
	exists, edges := make(map[string]bool), make(map[string]bool)
	for _, u := range uses {
		exists[domainOf(u.file)] = true
		edges[domainOf(u.file)+" "+domainOf(u.pkg)] = true
	}
	var found []string
	for _, d := range domains {
		if !exists[d.Name] {
			found = append(found, breach("domain "+d.Name+" is in the list and not in internal/domains", why, "take it out of "+list))
			continue
		}
		for _, other := range d.Knows {
			if !edges[d.Name+" "+other] {
				found = append(found, breach("domain "+d.Name+" does not use "+other, why, "take the edge out of "+list))
			}
		}
	}
	return found
}

// cycles returns the domains that know each other in a circle. The compiler sees circles of packages, and a domain may be
// several.
func cycles(domains []Domain) []string {
	knows := make(map[string][]string)
	for _, d := range domains {
		knows[d.Name] = d.Knows
	}
	var found []string
	for _, d := range domains {
		seen := make(map[string]bool)
		for next := slices.Clone(d.Knows); len(next) > 0; next = next[1:] {
			if !seen[next[0]] {
				seen[next[0]] = true
				next = append(next, knows[next[0]]...)
			}
		}
		if seen[d.Name] {
			found = append(found, breach("domain "+d.Name+" knows itself through others",
				"of a circle none can be changed, tested or moved alone", "let one of them take an interface of what it needs instead"))
		}
	}
	return found
}
