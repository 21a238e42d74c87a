package change

import "bytes"

// Merger merges one file by its kind. It decides; it does not write: where it
// cannot decide it returns a conflict as a piece, and who writes the file puts
// the marks and the labels there.
type Merger func(base, ours, theirs []byte) Result

// Result is a merged file, in pieces from top to bottom.
type Result struct {
	Pieces []Piece
	// Refused says why the file cannot be merged at all, if it cannot: the
	// user's file then stays as it is, and there are no pieces.
	Refused string
	// Ending is the line ending of the marks of a conflict; "\n" if empty.
	Ending string
}

// Piece is a part of a merged file: text on which there is nothing to decide,
// or a conflict, which is then all there is in it.
type Piece struct {
	Text []byte
	*Conflict
}

// Conflict is a place where a person must decide.
type Conflict struct {
	// Path is the file.
	Path string
	// Start and End are the first and the last line of the conflict in the
	// file as written, marks included, counted from 1. Both are 0 if the
	// file was left as the user has it.
	Start, End int
	// Base, Ours and Theirs are the lines in question.
	Base, Ours, Theirs []byte
	// Reason says why it is one.
	Reason string
}

// Labels name the sides in the marks of a conflict.
type Labels struct {
	Ours, Theirs string
	// Base is the label of the third part, with the lines before either
	// change. Without it that part is not written.
	Base string
}

// Whole returns the result of a merge that left nothing to decide.
func Whole(data []byte) Result { return Result{Pieces: []Piece{{Text: data}}} }

// Clean says whether there is nothing to decide.
func (r Result) Clean() bool {
	for _, p := range r.Pieces {
		if p.Conflict != nil {
			return false
		}
	}
	return r.Refused == ""
}

// Write returns the file, its conflicts marked the way git marks them, and the
// conflicts with the lines at which they stand.
func (r Result) Write(l Labels) ([]byte, []Conflict) {
	ending := r.Ending
	if ending == "" {
		ending = "\n"
	}
	var out bytes.Buffer
	var found []Conflict
	counted, lines := 0, 0
	line := func() int {
		lines += bytes.Count(out.Bytes()[counted:], []byte("\n"))
		counted = out.Len()
		return lines
	}
	for _, p := range r.Pieces {
		if p.Conflict == nil {
			out.Write(p.Text)
			continue
		}
		c := *p.Conflict
		finish(&out, ending)
		c.Start = line() + 1
		c.mark(&out, l, ending)
		c.End = line()
		found = append(found, c)
	}
	return out.Bytes(), found
}

// mark writes the conflict.
func (c *Conflict) mark(out *bytes.Buffer, l Labels, ending string) {
	part := func(sign, label string, lines []byte) {
		out.WriteString(sign)
		if label != "" {
			out.WriteString(" " + label)
		}
		out.WriteString(ending)
		out.Write(lines)
		finish(out, ending)
	}
	part("<<<<<<<", l.Ours, c.Ours)
	if l.Base != "" {
		part("|||||||", l.Base, c.Base)
	}
	part("=======", "", c.Theirs)
	part(">>>>>>>", l.Theirs, nil)
}

// finish ends the last line if it has no ending. A mark alone is no line.
func finish(out *bytes.Buffer, ending string) {
	if b := out.Bytes(); len(b) > 0 && b[len(b)-1] != '\n' && string(b) != bom {
		out.WriteString(ending)
	}
}
