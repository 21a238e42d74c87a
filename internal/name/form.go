package name

import "strings"

// Form is a name in snake case, such as line_item, that can be spelt the ways
// in which code needs it.
type Form string

// Snake returns line_item.
func (f Form) Snake() string { return string(f) }

// Kebab returns line-item.
func (f Form) Kebab() string { return strings.ReplaceAll(string(f), "_", "-") }

// Words returns "line item".
func (f Form) Words() string { return strings.ReplaceAll(string(f), "_", " ") }

// Title returns "Line item", for the start of a sentence.
func (f Form) Title() string {
	w := f.Words()
	return strings.ToUpper(w[:1]) + w[1:]
}

// Type returns LineItem.
func (f Form) Type() string {
	var b strings.Builder
	for part := range strings.SplitSeq(string(f), "_") {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}

// Var returns lineItem.
func (f Form) Var() string {
	t := f.Type()
	return strings.ToLower(t[:1]) + t[1:]
}

// Plural returns the plural of an English noun by the rules that hold for most
// of them; the command line has a flag for the rest.
func Plural(s string) string {
	switch {
	case s == "":
		return ""
	case strings.HasSuffix(s, "y") && len(s) > 1 && !strings.ContainsAny(s[len(s)-2:len(s)-1], "aeiou"):
		return s[:len(s)-1] + "ies"
	case hasSuffix(s, "s", "x", "z", "ch", "sh"):
		return s + "es"
	}
	return s + "s"
}

// Singular returns the singular of a regular English plural, and "item" for a
// word that does not look like one.
func Singular(s string) string {
	switch {
	case strings.HasSuffix(s, "ies") && len(s) > 4:
		return s[:len(s)-3] + "y"
	case hasSuffix(s, "sses", "xes", "ches", "shes", "zes"):
		return s[:len(s)-2]
	case strings.HasSuffix(s, "s") && len(s) > 3 && !hasSuffix(s, "ss", "us", "is"):
		return s[:len(s)-1]
	}
	return "item"
}

func hasSuffix(s string, suffixes ...string) bool {
	for _, x := range suffixes {
		if strings.HasSuffix(s, x) {
			return true
		}
	}
	return false
}
