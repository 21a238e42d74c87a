package change

// mergeAdded merges a file that both sides added. Nobody knows what it was
// before, so a line that one side alone has is a quarrel; what they share is
// not.
//
// In a set of lines all stay.
func mergeAdded(ours, theirs []byte, set bool) Result {
	m := &merge{ours: read(ours), theirs: read(theirs)}
	n := numbers(m.ours, m.theirs)
	m.o, m.t = n[0], n[1]
	var at chunk
	at.who = agreed
	until := func(o, t int) {
		if at.ours.lo < o {
			at.ours.hi, at.theirs.hi = o, t
			m.chunks = append(m.chunks, at)
		}
	}
	hs, who := diff(m.o, m.t), bothAdded
	if !set {
		hs, who = near(hs), quarrel
	}
	for _, h := range hs {
		until(h.b0, h.s0)
		m.chunks = append(m.chunks, chunk{who: who, why: "both added it", ours: span{h.b0, h.b1}, theirs: span{h.s0, h.s1}})
		at = chunk{who: agreed, ours: span{lo: h.b1}, theirs: span{lo: h.s1}}
	}
	until(len(m.o), len(m.t))
	return m.result()
}

// near joins hunks with at most three lines between them: one question is
// easier than two.
func near(hs []hunk) []hunk {
	var out []hunk
	for _, h := range hs {
		if n := len(out); n > 0 && h.b0-out[n-1].b1 <= 3 {
			out[n-1].b1, out[n-1].s1 = h.b1, h.s1
			continue
		}
		out = append(out, h)
	}
	return out
}
