package change

import "slices"

// mergeImports merges the import parts of three Go files as sets: an import
// stays, comes or goes as either side wants it, and then as the merged body
// needs it. They stand as the user has them ordered; what is new goes into the
// group of those that it stands with in theirs.
func mergeImports(b, o, t goFile, body *merge) Result {
	base, okB := readImports(b.imports)
	ours, okO := readImports(o.imports)
	theirs, okT := readImports(t.imports)
	if !okB || !okO || !okT || remarked(base, ours, theirs) {
		return byLine(b, o, t)
	}
	used := func(f goFile) map[string]bool { return names(f.body) }
	u := usage{base: base, ours: ours, theirs: theirs, byOurs: used(o), byTheirs: used(t), merged: body.names()}
	wanted := u.wanted()
	if u.clash(wanted) {
		return askAll(b.imports, o.imports, t.imports, "both import a package of the same name")
	}
	layout, others := ours.reworded(base, theirs), []importList{theirs, base}
	if slices.EqualFunc(b.imports.lines, o.imports.lines, sameWords) {
		layout, others = theirs, []importList{ours, base}
	}
	out := arrange(layout, others, wanted)
	out.crlf = frame(b.imports, o.imports, t.imports).crlf
	for i := range out.lines {
		out.lines[i].crlf = out.crlf
	}
	return Whole(joined(out.lines))
}

func sameWords(a, b line) bool { return a.words == b.words }

// remarked says whether both sides changed something besides imports.
func remarked(base, ours, theirs importList) bool {
	return !slices.Equal(base.remarks(), theirs.remarks()) &&
		!slices.EqualFunc(base.text.lines, ours.text.lines, sameWords)
}

func byLine(b, o, t goFile) Result {
	return attempt(b.imports, o.imports, t.imports, plain).result()
}

// askAll makes one quarrel of all that differs.
func askAll(base, ours, theirs text, why string) Result {
	n := numbers(base, ours, theirs)
	m := &merge{base: base, ours: ours, theirs: theirs, b: n[0], o: n[1], t: n[2], strict: true}
	m.chunks = m.narrow(chunk{base: span{0, len(m.b)}, ours: span{0, len(m.o)}, theirs: span{0, len(m.t)}})
	for i := range m.chunks {
		m.chunks[i].why = why
	}
	return m.result()
}

// usage is what decides whether an import is wanted.
type usage struct {
	base, ours, theirs       importList
	byOurs, byTheirs, merged map[string]bool
}

// all returns every import of the three, the user's first.
func (u usage) all() []imported {
	var all []imported
	for _, l := range []importList{u.ours, u.theirs, u.base} {
		for _, s := range l.specs {
			if !slices.Contains(all, s.imported) {
				all = append(all, s.imported)
			}
		}
	}
	return all
}

// wanted returns the imports of the merged file. One that both sides used and
// the merged body does not goes; one that it needs stays or comes back, unless
// whoever dropped it did so in a file that needs it, and knew better.
func (u usage) wanted() []imported {
	var out []imported
	for _, i := range u.all() {
		if either(u.base.has(i), u.ours.has(i), u.theirs.has(i)) && !u.idle(i) {
			out = append(out, i)
		}
	}
	for _, i := range u.all() {
		taken := slices.ContainsFunc(out, func(j imported) bool { return mayShare(i, j) })
		if u.missed(i) && !taken {
			out = append(out, i)
		}
	}
	return out
}

// missed says whether the merged body needs an import, and the side that does
// not have it did not know.
func (u usage) missed(i imported) bool {
	knew := !u.ours.has(i) && needs(u.byOurs, i) || !u.theirs.has(i) && needs(u.byTheirs, i)
	return needs(u.merged, i) && !knew
}

// idle says whether nobody uses an import any longer that every side used.
func (u usage) idle(i imported) bool {
	return u.base.has(i) && len(i.names()) > 0 && !needs(u.merged, i) &&
		(!u.ours.has(i) || needs(u.byOurs, i)) && (!u.theirs.has(i) || needs(u.byTheirs, i))
}

// clash says whether the sides each bring a package that the file would know
// by the same name.
func (u usage) clash(wanted []imported) bool {
	for _, i := range wanted {
		for _, j := range wanted {
			if i.path != j.path && u.ours.has(i) && !u.base.has(i) && !u.theirs.has(i) &&
				u.theirs.has(j) && !u.base.has(j) && !u.ours.has(j) && i.likely() == j.likely() {
				return true
			}
		}
	}
	return false
}
