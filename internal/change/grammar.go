package change

import (
	"path"
	"regexp"
	"strings"
)

// grammar is the little that the line merge knows of a kind of text.
type grammar struct {
	// rank is how deep a line stands: a line belongs to the nearest line
	// above it that has a lower rank.
	rank func(words string) int
	// name is what a line gives a value to, or "".
	name func(words string) string
	// looser are ways of comparing lines that ignore what does not matter.
	looser []func(text) text
	// twice returns the pairs of lines that give the same name in one scope.
	twice func(text) [][2]int
	// byIndent says that the indent of a line carries its meaning.
	byIndent bool
	// defines returns the names that a line gives a meaning to, for the
	// lines below it; nil if there are none in such files.
	defines func(words string) []string
	// valid says whether the file makes sense at all; nil if all do.
	valid func(text) bool
}

var plain = grammar{rank: indent, name: rowName}

// grammarOf returns the grammar of a file by its name.
func grammarOf(name string) grammar {
	base := path.Base(name)
	g := plain
	switch ext := path.Ext(base); {
	case ext == ".md":
		g.rank, g.looser = headings, []func(text) text{anyPadding}
	case ext == ".toml", ext == ".ini", base == ".editorconfig":
		g.rank = sections
	case ext == ".yaml", ext == ".yml":
		g.twice, g.looser, g.byIndent = twiceInYAML, []func(text) text{anyIndent}, true
	case ext == ".json":
		g.looser, g.valid = []func(text) text{anyIndent}, validJSON
	case ext == ".env", strings.HasPrefix(base, ".env"):
		g.twice = twice(variable)
	case base == "Makefile", ext == ".mk":
		g.twice = twice(target)
	}
	return g
}

func blank(l line) bool { return strings.TrimSpace(l.words) == "" }

// indent is the width of the white space before the words. An item of a list
// stands deeper than a key at its indent, as it does in YAML.
func indent(words string) int {
	width := 0
	for _, r := range words {
		switch r {
		case ' ':
			width += 2
		case '\t':
			width += 16
		case '-':
			if strings.HasPrefix(strings.TrimSpace(words), "- ") {
				return width + 1
			}
			return width
		default:
			return width
		}
	}
	return width
}

// headings ranks the headings of Markdown above all text.
func headings(words string) int {
	level := len(words) - len(strings.TrimLeft(words, "#"))
	if level > 0 && level < 7 && strings.HasPrefix(words[level:], " ") {
		return level - 10
	}
	return indent(words)
}

// sections ranks [section] lines above all others.
func sections(words string) int {
	if strings.HasPrefix(words, "[") {
		return -1
	}
	return indent(words)
}

var (
	row  = regexp.MustCompile(`^\s*(?:- )?(?:export )?["']?([\w./@-]+)["']?\s*(?:=|:(?:[^=]|$))`)
	cell = regexp.MustCompile(`^\s*\|([^|]+)\|`)
)

// rowName is the name in `name: value`, `name = value` or `| name | value |`.
func rowName(words string) string {
	for _, form := range []*regexp.Regexp{row, cell} {
		if found := form.FindStringSubmatch(words); found != nil {
			return strings.TrimSpace(found[1])
		}
	}
	return ""
}
