package httpx

import (
	"path"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// schemas returns a registry in which two types may have one name: the description calls the first Item, as huma does, and the next
// BillingItem, by its package. huma would panic.
func schemas() huma.Registry {
	first := map[string]reflect.Type{"Problem": reflect.TypeFor[Problem](), "Fault": reflect.TypeFor[Fault]()}
	return huma.NewMapRegistry("#/components/schemas/", func(t reflect.Type, hint string) string {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		name := huma.DefaultSchemaNamer(t, hint)
		if t.Kind() != reflect.Struct || t.Name() == "" {
			return name
		}
		if _, taken := first[name]; !taken {
			first[name] = t
		}
		if first[name] != t {
			owner := path.Base(t.PkgPath())
			name = strings.ToUpper(owner[:1]) + owner[1:] + name
		}
		return name
	})
}
