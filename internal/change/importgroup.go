package change

import (
	"slices"
	"strings"
)

// groupFor returns the group of the sheet that an import goes into: the one
// that holds most of those it stands with in its own list; else one that its
// list does not know, of the same kind.
func (s *sheet) groupFor(p spec, from importList) (int, bool) {
	if g, ok := s.counterpart(p, from); ok {
		return g, true
	}
	known := map[int]bool{}
	for _, other := range from.specs {
		if at := s.find(other.imported); at >= 0 {
			known[s.rows[at].group] = true
		}
	}
	best, nearest := 0, 0
	for _, r := range s.rows {
		if r.is && r.inBlock && !known[r.group] {
			if k := kin(r.path, p.path); k > nearest {
				best, nearest = r.group, k
			}
		}
	}
	return best, nearest > 0
}

// counterpart returns the group of the sheet into which the group of an import
// went. Where the user made several of it, it is the one with the nearest kin.
func (s *sheet) counterpart(p spec, from importList) (int, bool) {
	best, nearest := 0, -1
	for _, mate := range from.specs {
		if mate.group != p.group || mate.imported == p.imported {
			continue
		}
		at := s.find(mate.imported)
		if at < 0 || !s.rows[at].inBlock {
			continue
		}
		if k := kin(mate.path, p.path); k > nearest {
			best, nearest = s.rows[at].group, k
		}
	}
	return best, nearest >= 0
}

// kin is how near two import paths are: 0 if one alone is of the standard
// library, else one more than the elements with which both start.
func kin(a, b string) int {
	if (imported{path: a}).standard() != (imported{path: b}).standard() {
		return 0
	}
	p, q := strings.Split(a, "/"), strings.Split(b, "/")
	n := 0
	for n < len(p) && n < len(q) && p[n] == q[n] {
		n++
	}
	return n + 1
}

// newGroup puts an import into a group of its own: above the group that comes
// next in its list, or at the end.
func (s *sheet) newGroup(r importRow, p spec, from importList) {
	r.group = s.next
	s.next++
	gap := importRow{lines: []line{{}}}
	for _, later := range from.specs {
		if later.group <= p.group {
			continue
		}
		in := s.find(later.imported)
		if in < 0 || !s.rows[in].inBlock {
			continue
		}
		g := s.rows[in].group
		at := slices.IndexFunc(s.rows, func(o importRow) bool { return o.is && o.inBlock && o.group == g })
		s.rows = slices.Insert(s.rows, at, r, gap)
		return
	}
	at := len(s.rows) - 1
	for at > 0 && (s.rows[at].is || s.rows[at].words() != ")") {
		at--
	}
	s.rows = slices.Insert(s.rows, at, gap, r)
}

// standard says whether the path is one of the standard library: its first
// element has no dot.
func (i imported) standard() bool {
	first, _, _ := strings.Cut(i.path, "/")
	return !strings.Contains(first, ".")
}
