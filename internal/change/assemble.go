package change

import (
	"bytes"
	"slices"
)

// result writes the chunks out as pieces.
func (m *merge) result() Result {
	f := frame(m.base, m.ours, m.theirs)
	r := Result{Ending: f.ending()}
	var out bytes.Buffer
	if f.bom {
		out.WriteString(bom)
	}
	flush := func() {
		if out.Len() > 0 {
			r.Pieces = append(r.Pieces, Piece{Text: bytes.Clone(out.Bytes())})
			out.Reset()
		}
	}
	ours, theirs := recast(m.ours, f), recast(m.theirs, f)
	for _, c := range m.chunks {
		if c.who != quarrel {
			m.write(&out, c, ours, theirs)
			continue
		}
		flush()
		r.Pieces = append(r.Pieces, Piece{Conflict: &Conflict{
			Base:   joined(m.base.lines[c.base.lo:c.base.hi]),
			Ours:   joined(ours[c.ours.lo:c.ours.hi]),
			Theirs: joined(theirs[c.theirs.lo:c.theirs.hi]),
			Reason: c.why,
		}})
	}
	if f.open {
		out = *bytes.NewBuffer(bytes.TrimSuffix(bytes.TrimSuffix(out.Bytes(), []byte("\n")), []byte("\r")))
	}
	flush()
	return r
}

// write writes the lines of a chunk that is no quarrel.
func (m *merge) write(out *bytes.Buffer, c chunk, ours, theirs []line) {
	if c.who == stable {
		for i := range c.base.len() {
			put(out, pick(m.base.lines[c.base.lo+i], m.ours.lines[c.ours.lo+i], m.theirs.lines[c.theirs.lo+i]))
		}
		return
	}
	for _, s := range c.sources() {
		if s == fromOurs {
			put(out, ours[c.ours.lo:c.ours.hi]...)
		} else {
			put(out, theirs[c.theirs.lo:c.theirs.hi]...)
		}
	}
}

// sources are the sides whose lines stand in the merged file, in order.
func (c chunk) sources() []who {
	switch c.who {
	case fromTheirs:
		return []who{fromTheirs}
	case bothAdded:
		return []who{fromTheirs, fromOurs}
	case bothAddedOursFirst:
		return []who{fromOurs, fromTheirs}
	}
	return []who{fromOurs}
}

// pick merges a line that counts as equal in all three versions: who changed
// the white space in it or the ending has it.
func pick(base, ours, theirs line) line {
	out := ours
	if ours.words == base.words {
		out.words = theirs.words
	}
	out.crlf = either(base.crlf, ours.crlf, theirs.crlf)
	return out
}

func put(out *bytes.Buffer, lines ...line) {
	for _, l := range lines {
		out.WriteString(l.words)
		if l.crlf {
			out.WriteByte('\r')
		}
		out.WriteByte('\n')
	}
}

func joined(lines []line) []byte {
	var out bytes.Buffer
	put(&out, lines...)
	return out.Bytes()
}

// recast returns the lines of a side with the ending that the merged file has,
// but for the few that had another one than their own file.
func recast(side, merged text) []line {
	if side.crlf == merged.crlf {
		return side.lines
	}
	lines := slices.Clone(side.lines)
	for i := range lines {
		if lines[i].crlf == side.crlf {
			lines[i].crlf = merged.crlf
		}
	}
	return lines
}
