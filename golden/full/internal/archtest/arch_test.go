package archtest

import (
	"fmt"
	"os"
	"slices"
	"testing"
)

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

// breaches returns which uses break a wall, and what is not as the list of domains says.
func breaches(uses []use, domains []Domain) []string {
	var found []string
	walls := walls()
	for _, u := range uses {
		if i := slices.IndexFunc(walls, func(w wall) bool { return w.breaks(u) }); i >= 0 {
			found = append(found, fmt.Sprintf("%v\n    wall: %s\n    fix:  %s", u, walls[i].why, walls[i].fix))
		}
	}
	found = append(found, undeclared(uses, domains)...)
	found = append(found, unused(uses, domains)...)
	found = append(found, cycles(domains)...)
	return found
}

// undeclared returns the domains, and the edges between them, that are not in the list.
func undeclared(uses []use, domains []Domain) []string {
	var found []string
	knows := make(map[string][]string)
	for _, d := range domains {
		knows[d.Name] = d.Knows
		if d.Owner == "" {
			found = append(found, fmt.Sprintf("domain %s has no owner\n    fix:  say in internal/archtest/domains.go who answers for it", d.Name))
		}
	}
	reported := make(map[string]bool)
	for _, u := range uses {
		from, to := domainOf(u.file), domainOf(u.pkg)
		if _, ok := knows[from]; from != "" && !ok && !reported[from] {
			reported[from] = true
			found = append(found, fmt.Sprintf("domain %s is not in the list\n    fix:  add it to internal/archtest/domains.go, with its owner", from))
		}
		if from == "" || to == "" || from == to || u.name != "" || slices.Contains(knows[from], to) {
			continue
		}
		found = append(found, fmt.Sprintf("%v\n    wall: %s may not know %s: an edge is a decision, since it is hard to take back\n"+
			"    fix:  take an interface of what is needed, or listen to an event of %s; or add %s to what %s Knows in internal/archtest/domains.go",
			u, from, to, to, to, from))
	}
	return found
}

// unused returns what stands in the list and not in the code.
func unused(uses []use, domains []Domain) []string {
	exists, edges := make(map[string]bool), make(map[string]bool)
	for _, u := range uses {
		exists[domainOf(u.file)] = true
		edges[domainOf(u.file)+" "+domainOf(u.pkg)] = true
	}
	var found []string
	for _, d := range domains {
		if !exists[d.Name] {
			found = append(found, fmt.Sprintf("domain %s is in the list and not in internal/domains\n    fix:  take it out of internal/archtest/domains.go", d.Name))
			continue
		}
		for _, other := range d.Knows {
			if !edges[d.Name+" "+other] {
				found = append(found, fmt.Sprintf("domain %s does not use %s\n    fix:  take the edge out of internal/archtest/domains.go", d.Name, other))
			}
		}
	}
	return found
}

// cycles returns the domains that know each other in a circle. The compiler sees circles of packages; a domain may be
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
			found = append(found, fmt.Sprintf("domain %s knows itself through others\n    fix:  let one of them listen to events instead", d.Name))
		}
	}
	return found
}
