package change

import (
	"bytes"
	"slices"
)

// mergeText merges three files line by line.
func mergeText(base, ours, theirs []byte, g grammar) Result {
	m := newMerge(read(base), read(ours), read(theirs), g, false)
	return m.result()
}

// result writes the chunks out as pieces.
func (m *merge) result() Result {
	f := frame(m.base, m.ours, m.theirs)
	r := Result{Ending: f.ending()}
	ours, theirs := recast(m.ours, f), recast(m.theirs, f)
	var out bytes.Buffer
	if f.bom {
		out.WriteString(bom)
	}
	for _, c := range m.chunks {
		if c.who != quarrel {
			m.write(&out, c, ours[c.ours.lo:c.ours.hi], theirs[c.thr.lo:c.thr.hi])
			continue
		}
		if out.Len() > 0 {
			r.Pieces = append(r.Pieces, Piece{Text: bytes.Clone(out.Bytes())})
			out.Reset()
		}
		r.Pieces = append(r.Pieces, Piece{Conflict: &Conflict{
			Base:   joined(m.base.lines[c.base.lo:c.base.hi]),
			Ours:   joined(ours[c.ours.lo:c.ours.hi]),
			Theirs: joined(theirs[c.thr.lo:c.thr.hi]),
			Reason: "both changed these lines",
		}})
	}
	if out.Len() > 0 || len(r.Pieces) == 0 {
		text := out.Bytes()
		if f.open {
			text = bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r"))
		}
		r.Pieces = append(r.Pieces, Piece{Text: text})
	}
	return r
}

// write writes the lines of a chunk that is no quarrel.
func (m *merge) write(out *bytes.Buffer, c chunk, ours, theirs []line) {
	switch c.who {
	case stable:
		base := m.base.lines[c.base.lo:c.base.hi]
		for i := range base {
			put(out, pick(base[i], m.ours.lines[c.ours.lo+i], m.theirs.lines[c.thr.lo+i]))
		}
	case fromOurs, agreed:
		put(out, ours...)
	case fromTheirs:
		put(out, theirs...)
	case bothAdded:
		put(out, theirs...)
		put(out, ours...)
	case bothAddedOursFirst:
		put(out, ours...)
		put(out, theirs...)
	}
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
