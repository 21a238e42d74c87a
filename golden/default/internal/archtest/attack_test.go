package archtest

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// attack is a file that breaks a wall, and the first line of what is said about it.
type attack struct {
	file   string
	source string
	want   string
}

func attacks() []attack {
	return []attack{
		{
			"internal/platform/db/x.go", `import "example.com/shop/internal/domains/orders"`,
			"internal/platform/db/x.go:3 imports internal/domains/orders",
		},
		{
			"internal/platform/db/x_test.go", `import "example.com/shop/internal/app"`,
			"internal/platform/db/x_test.go:3 imports internal/app",
		},
		{
			"internal/domains/orders/store.go", `import "example.com/shop/internal/app"`,
			"internal/domains/orders/store.go:3 imports internal/app",
		},
		{
			"internal/domains/orders/store.go", `import "example.com/shop/internal/devenv"`,
			"internal/domains/orders/store.go:3 imports internal/devenv",
		},
		{
			"internal/domains/orders/store.go", "import \"os\"\n\nvar url = os.Getenv(\"URL\")",
			"internal/domains/orders/store.go:5 uses os.Getenv",
		},
		{
			"internal/platform/db/x.go", "import system \"os\"\n\nvar look = system.LookupEnv",
			"internal/platform/db/x.go:5 uses os.LookupEnv",
		},
		{
			"internal/domains/orders/store.go", `import "net/http"`,
			"internal/domains/orders/store.go:3 imports net/http",
		},
		{
			"internal/domains/orders/orders.go", `import "example.com/shop/internal/platform/httpx"`,
			"internal/domains/orders/orders.go:3 imports internal/platform/httpx",
		},
		{
			"internal/domains/orders/http.go", "import \"github.com/danielgtaylor/huma/v2\"\n\nvar post = huma.Post[int, int]",
			"internal/domains/orders/http.go:5 uses huma.Post",
		},
		{
			"internal/domains/orders/store.go", `import "database/sql"`,
			"internal/domains/orders/store.go:3 imports database/sql",
		},
		{
			"internal/domains/orders/store.go", "import \"example.com/shop/internal/platform/db\"\n\nvar all = db.AcrossTenants",
			"internal/domains/orders/store.go:5 uses db.AcrossTenants",
		},
		{
			"internal/domains/orders/jobs.go", `import "github.com/riverqueue/river"`,
			"internal/domains/orders/jobs.go:3 imports github.com/riverqueue/river",
		},
		{
			"internal/domains/orders/orders.go", `import "github.com/stripe/stripe-go/v85"`,
			"internal/domains/orders/orders.go:3 imports github.com/stripe/stripe-go/v85",
		},
		{
			"internal/domains/orders/internal/price/price.go", `import "example.com/shop/internal/domains/customers"`,
			"internal/domains/orders/internal/price/price.go:3 imports internal/domains/customers",
		},
		{
			"internal/domains/stock/stock.go", "",
			"domain stock is not in the list",
		},
	}
}

// shop is a repository in which no wall is broken.
func shop() (fstest.MapFS, []Domain) {
	files := fstest.MapFS{
		"go.mod":              {Data: []byte("module example.com/shop\n")},
		"web/node/modules.go": {Data: []byte("no Go at all")},
	}
	for name, source := range map[string]string{
		"cmd/shop/main.go":                  `import "example.com/shop/internal/app"`,
		"internal/app/app.go":               `import "example.com/shop/internal/domains/orders"`,
		"internal/platform/config/load.go":  "import \"os\"\n\nvar environ = os.Environ",
		"internal/platform/db/dbtest/x.go":  "import (\n\t\"os\"\n\n\t\"example.com/shop/internal/devenv\"\n)\n\nvar url = os.Getenv",
		"internal/domains/orders/orders.go": `import "example.com/shop/internal/platform/db"`,
		"internal/domains/orders/http.go": "import (\n\t\"net/http\"\n\n\t\"github.com/danielgtaylor/huma/v2\"\n)\n\n" +
			"var status = http.StatusOK\n\nvar api huma.API",
		"internal/domains/orders/orders_test.go":  `import "net/http"`,
		"internal/domains/customers/customers.go": `import "example.com/shop/internal/domains/orders"`,
	} {
		files[name] = file(name, source)
	}
	return files, []Domain{{Name: "orders", Owner: "ann"}, {Name: "customers", Owner: "ben", Knows: []string{"orders"}}}
}

func file(name, source string) *fstest.MapFile {
	folders := strings.Split(name, "/")
	return &fstest.MapFile{Data: []byte("package " + folders[len(folders)-2] + "\n\n" + source + "\n")}
}

// firstLines are the breaches without their reasons.
func firstLines(t *testing.T, root fs.FS, domains []Domain) []string {
	t.Helper()
	uses, err := scan(root)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, breach := range breaches(uses, domains) {
		first, rest, _ := strings.Cut(breach, "\n")
		if !strings.Contains(rest, "    fix:  ") {
			t.Errorf("no way out is given: %s", breach)
		}
		lines = append(lines, first)
	}
	return lines
}

func TestARepositoryThatKeepsToTheWallsIsNotBlamed(t *testing.T) {
	files, domains := shop()
	if diff := cmp.Diff([]string(nil), firstLines(t, files, domains)); diff != "" {
		t.Error(diff)
	}
}

func TestEveryAttackIsSeen(t *testing.T) {
	for _, a := range attacks() {
		files, domains := shop()
		files[a.file] = file(a.file, a.source)
		if diff := cmp.Diff([]string{a.want}, firstLines(t, files, domains)); diff != "" {
			t.Errorf("%s with %s:\n%s", a.file, a.source, diff)
		}
	}
}

func TestEveryWallIsAttacked(t *testing.T) {
	attacked := make(map[string]bool)
	for _, a := range attacks() {
		files, domains := shop()
		files[a.file] = file(a.file, a.source)
		uses, err := scan(files)
		if err != nil {
			t.Fatal(err)
		}
		said := strings.Join(breaches(uses, domains), "\n")
		for _, w := range walls() {
			attacked[w.why] = attacked[w.why] || strings.Contains(said, w.why)
		}
	}
	for _, w := range walls() {
		if !attacked[w.why] {
			t.Errorf("nobody attacks the wall: %s", w.why)
		}
	}
}

func TestTheListOfDomainsIsHeldToTheCode(t *testing.T) {
	files, domains := shop()
	orders, customers := domains[0], domains[1]
	for name, test := range map[string]struct {
		list []Domain
		want []string
	}{
		"no owner": {
			[]Domain{orders, {Name: "customers", Knows: []string{"orders"}}},
			[]string{"domain customers has no owner"},
		},
		"no such domain": {
			[]Domain{orders, customers, {Name: "stock", Owner: "cy"}},
			[]string{"domain stock is in the list and not in internal/domains"},
		},
		"no such edge": {
			[]Domain{{Name: "orders", Owner: "ann", Knows: []string{"stock"}}, customers},
			[]string{"domain orders does not use stock"},
		},
		"an edge too many": {
			[]Domain{orders, {Name: "customers", Owner: "ben"}},
			[]string{"internal/domains/customers/customers.go:3 imports internal/domains/orders"},
		},
	} {
		if diff := cmp.Diff(test.want, firstLines(t, files, test.list)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestDomainsMayNotKnowEachOtherInACircle(t *testing.T) {
	found := cycles([]Domain{{Name: "a", Knows: []string{"b"}}, {Name: "b", Knows: []string{"c"}}, {Name: "c", Knows: []string{"b"}}})
	var got []string
	for _, breach := range found {
		first, _, _ := strings.Cut(breach, "\n")
		got = append(got, first)
	}
	if diff := cmp.Diff([]string{"domain b knows itself through others", "domain c knows itself through others"}, got); diff != "" {
		t.Error(diff)
	}
}
