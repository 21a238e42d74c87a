package render

import (
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
)

// allowed are the functions of sprig that templates may use. It is a list and
// not sprig's own hermetic map, which still holds functions that are random
// (keys, password hashes) or follow the order of a map.
var allowed = []string{
	"lower", "upper", "title", "trim", "trimPrefix", "trimSuffix", "replace", "quote", "repeat",
	"join", "splitList", "list", "first", "last", "has", "trunc", "indent", "nindent", "add", "sub", "default", "ternary",
}

// funcs are the functions that templates see: the allowed ones, and slot,
// which marks the place where fragments go.
var funcs = func() template.FuncMap {
	all := sprig.TxtFuncMap()
	f := template.FuncMap{"slot": func(name string, heading ...string) string {
		return string(slotMark) + strings.Join(append([]string{name}, heading...), string(slotMark))
	}}
	for _, name := range allowed {
		f[name] = all[name]
	}
	return f
}()
