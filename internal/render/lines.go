package render

import (
	"slices"
	"strconv"
	"strings"
	"text/template"

	"github.com/startkit/startkit/internal/tree"
)

// line is one line of a rendered file, without its end.
type line struct {
	text    string
	slot    string // the slot that stands here, or ""
	heading string // what stands above what fills the slot, or ""
	origin  tree.Origin
}

// source is the text of a template and whose it is.
type source struct{ feature, path, text string }

// The marks that carry a line's number and a slot's name through the
// execution of a template. No template may hold them.
const (
	lineMark = '\x01'
	slotMark = '\x02'
)

// execute renders a template to lines that know where they came from. A line
// of the template that holds nothing but an action such as range or end leaves
// nothing behind.
func execute(src source, d data) ([]line, error) {
	t, err := template.New(src.path).Funcs(funcs).Option("missingkey=error").Parse(mark(src.text))
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	if err := t.Execute(&b, d); err != nil {
		return nil, err
	}
	var lines []line
	for text := range strings.SplitSeq(strings.TrimSuffix(b.String(), "\n"), "\n") {
		l := unmark(text)
		l.origin.Feature, l.origin.Template = src.feature, src.path
		lines = append(lines, l)
	}
	return lines, nil
}

// mark writes in front of each line of a template its number, and swallows the
// ends of the lines that hold only control actions.
func mark(text string) string {
	var b strings.Builder
	n := 0
	for l := range strings.Lines(text) {
		n++
		if control(l) {
			b.WriteString(strings.TrimSpace(l))
			continue
		}
		b.WriteByte(lineMark)
		b.WriteString(strconv.Itoa(n))
		b.WriteByte(lineMark)
		b.WriteString(l)
	}
	return b.String()
}

// control says whether a line of a template is one action that writes nothing.
func control(l string) bool {
	l = strings.TrimSpace(l)
	if !strings.HasPrefix(l, "{{") || strings.Index(l, "}}") != len(l)-len("}}") {
		return false
	}
	word, _, _ := strings.Cut(strings.TrimSpace(l[2:len(l)-2]), " ")
	return slices.Contains([]string{"range", "end", "if", "else", "with"}, word)
}

// unmark reads the marks of a rendered line; the first line number counts.
func unmark(text string) line {
	var l line
	for {
		before, rest, ok := strings.Cut(text, string(lineMark))
		if !ok {
			break
		}
		number, after, _ := strings.Cut(rest, string(lineMark))
		if l.origin.Line == 0 {
			l.origin.Line, _ = strconv.Atoi(number)
		}
		text = before + after
	}
	if indent, slot, ok := strings.Cut(text, string(slotMark)); ok {
		text = indent
		l.slot, l.heading, _ = strings.Cut(slot, string(slotMark))
	}
	l.text = text
	return l
}

// fill puts the fragments of each slot in its place, indented as the slot is.
// Fragments of a slot that stands below a blank line are kept apart by one, but
// for imports, where a blank line means another group. An empty slot vanishes
// with the blank line above it, unless that one sets off what follows.
func (r *renderer) fill(path string, lines []line) []line {
	out := make([]line, 0, len(lines))
	imports := false
	for i, l := range lines {
		imports = l.text == "import (" || imports && l.text != ")"
		if l.slot == "" {
			out = append(out, l)
			continue
		}
		apart := len(out) > 0 && out[len(out)-1].text == ""
		list := r.slots[slotKey(path, l.slot)]
		if len(list) == 0 && apart && loose(lines[i+1:]) {
			out = out[:len(out)-1]
		}
		out = l.fill(out, list, apart && !imports)
	}
	return out
}

// loose says whether nothing follows a slot that a blank line above it would set
// off: the end, another blank line, a closing bracket.
func loose(rest []line) bool {
	return len(rest) == 0 || rest[0].slot == "" && (rest[0].text == "" || strings.ContainsAny(strings.TrimSpace(rest[0].text)[:1], ")]}"))
}

// fill appends what fills the slot of a line. Below a heading, which only
// stands where something is below it, fragments are two blanks deeper.
func (l line) fill(out []line, list []fragment, apart bool) []line {
	indent := l.text
	if l.heading != "" && len(list) > 0 {
		out = append(out, line{text: indent + l.heading, origin: l.origin})
		indent, apart = indent+"  ", false
	}
	for i, fr := range list {
		if i > 0 && apart {
			out = append(out, line{origin: l.origin})
		}
		for _, f := range fr {
			if f.text != "" {
				f.text = indent + f.text
			}
			out = append(out, f)
		}
	}
	return out
}
