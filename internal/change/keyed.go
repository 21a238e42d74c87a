package change

import (
	"encoding/json"
	"regexp"
	"strings"
)

var (
	variable = regexp.MustCompile(`^(?:export )?([A-Za-z_][A-Za-z0-9_]*)=`)
	target   = regexp.MustCompile(`^([A-Za-z0-9_/-][A-Za-z0-9_./-]*)\s*:(?:[^:=]|$)`)
)

// twice returns what finds the names given twice in a flat file.
func twice(form *regexp.Regexp) func(text) [][2]int {
	return func(t text) [][2]int {
		var pairs [][2]int
		first := map[string]int{}
		for i, l := range t.lines {
			found := form.FindStringSubmatch(l.words)
			if found == nil {
				continue
			}
			if k, ok := first[found[1]]; ok {
				pairs = append(pairs, [2]int{k, i})
				continue
			}
			first[found[1]] = i
		}
		return pairs
	}
}

var (
	yamlKey   = regexp.MustCompile(`^( *(?:- +)*)(["']?[\w./@$-][^:#]*?["']?):(?: |$)`)
	yamlBlock = regexp.MustCompile(`[:-] *[|>][0-9+-]*\s*(?:#.*)?$`)
)

// twiceInYAML returns the keys given twice in one mapping. It reads the block
// style that people write by hand, by indent; what stands in braces it does not
// see.
func twiceInYAML(t text) [][2]int {
	type mapping struct {
		indent int
		keys   map[string]int
	}
	var pairs [][2]int
	var open []mapping
	literal := -1 // the indent of the key whose block of text this is
	for i, l := range t.lines {
		w := l.words
		indent := len(w) - len(strings.TrimLeft(w, " "))
		body := w[indent:]
		if body == "" || body[0] == '#' || literal >= 0 && indent > literal {
			continue
		}
		literal = -1
		if yamlBlock.MatchString(w) {
			literal = indent
		}
		item := strings.HasPrefix(body, "- ") || body == "-"
		key := yamlKey.FindStringSubmatch(w)
		switch {
		case item && key != nil:
			indent = len(key[1])
		case item:
			indent += 2
		}
		for n := len(open); n > 0 && (open[n-1].indent > indent || item && open[n-1].indent == indent); n-- {
			open = open[:n-1]
		}
		if body == "---" {
			open = nil
		}
		if key == nil {
			continue
		}
		if n := len(open); n == 0 || open[n-1].indent < indent {
			open = append(open, mapping{indent, map[string]int{}})
		}
		keys := open[len(open)-1].keys
		if first, ok := keys[key[2]]; ok {
			pairs = append(pairs, [2]int{first, i})
			continue
		}
		keys[key[2]] = i
	}
	return pairs
}

// validJSON says whether the file is JSON.
func validJSON(t text) bool { return json.Valid(plainText(t)) }

// anyIndent compares lines without the white space around them.
func anyIndent(t text) text {
	return t.keyed(func(l line) string { return strings.TrimSpace(l.words) })
}

var dashes = regexp.MustCompile(`-+`)

// anyPadding compares the rows of tables in Markdown without the padding of
// their cells: editors align a whole table when one cell grows.
func anyPadding(t text) text {
	return t.keyed(func(l line) string {
		w := strings.TrimSpace(l.words)
		if !strings.HasPrefix(w, "|") {
			return strings.TrimRight(l.words, " \t")
		}
		return dashes.ReplaceAllString(strings.Join(strings.Fields(w), ""), "-")
	})
}
