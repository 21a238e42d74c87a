package gomod

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// foreign are modules that no template uses, each with a package to import.
var foreign = []struct{ module, pkg string }{
	{"github.com/Masterminds/semver/v3@v3.3.0", "github.com/Masterminds/semver/v3"},
	{"github.com/huandu/xstrings@v1.5.0", "github.com/huandu/xstrings"},
	{"github.com/mitchellh/copystructure@v1.2.0", "github.com/mitchellh/copystructure"},
	{"dario.cat/mergo@v1.0.1", "dario.cat/mergo"},
	{"golang.org/x/term@v0.47.0", "golang.org/x/term"},
	{"golang.org/x/mod@v0.42.0", "golang.org/x/mod/modfile"},
	{"github.com/aymanbagabas/go-udiff@v0.4.1", "github.com/aymanbagabas/go-udiff"},
	{"github.com/Masterminds/goutils@v1.1.1", "github.com/Masterminds/goutils"},
}

// entangled are modules that share requirements with the catalogue, or are in
// it, or are older than what the catalogue asks for.
var entangled = []struct{ module, pkg string }{
	{"github.com/spf13/cobra@v1.10.2", "github.com/spf13/cobra"},
	{"github.com/Masterminds/sprig/v3@v3.3.0", "github.com/Masterminds/sprig/v3"},
	{"github.com/rogpeppe/go-internal@v1.16.0", "github.com/rogpeppe/go-internal/testscript"},
	{"golang.org/x/tools@v0.52.0", "golang.org/x/tools/go/packages"},
	{"github.com/google/uuid@v1.6.0", "github.com/google/uuid"},
	{"github.com/stretchr/testify@v1.11.1", "github.com/stretchr/testify/require"},
	{"go.uber.org/multierr@v1.11.0", "go.uber.org/multierr"},
	{"golang.org/x/text@v0.43.0", "golang.org/x/text/language"},
}

// TestOwnersModuleStaysTidyWhenAFeatureIsAdded walks the way of an owner: a
// repository is generated, he adds a module of his own and runs go mod tidy,
// then packages are added by a merge.
func TestOwnersModuleStaysTidyWhenAFeatureIsAdded(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command a hundred times")
	}
	random := rand.New(rand.NewPCG(3, 4))
	for i := range 16 {
		own := foreign[i%len(foreign)]
		few, more := grow(random)
		t.Run(own.pkg, func(t *testing.T) {
			t.Parallel()
			r := newRepository(t, few)
			base := r.solve(t)
			r.write(t, base)
			r.file(t, "mine.go", blank([]string{own.pkg}))
			r.run(t, "get", own.module)
			r.run(t, "mod", "tidy")
			ours := r.read(t)

			r.setImports(t, more)
			r.merge(t, base, ours, own.pkg)
			if diff := r.tidyDiff(t); diff != "" {
				t.Errorf("go mod tidy -diff after %s and then %v were added to %v:\n%s", own.pkg, more, few, diff)
			}
			r.run(t, "vet", "-mod=readonly", "./...")
		})
	}
}

// TestOwnersModuleBuildsWhenAFeatureIsRemoved walks the way back. Lines that
// nobody needs may stay, so only the build is asked.
func TestOwnersModuleBuildsWhenAFeatureIsRemoved(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command a hundred times")
	}
	random := rand.New(rand.NewPCG(5, 6))
	for _, own := range slices.Concat(foreign, entangled) {
		few, more := grow(random)
		t.Run(own.pkg, func(t *testing.T) {
			t.Parallel()
			r := newRepository(t, more)
			base := r.solve(t)
			r.write(t, base)
			r.file(t, "mine.go", blank([]string{own.pkg}))
			r.run(t, "get", own.module)
			r.run(t, "mod", "tidy")
			ours := r.read(t)

			r.setImports(t, few)
			m := r.merge(t, base, ours, own.pkg)
			r.run(t, "vet", "-mod=readonly", "./...")
			if diff := r.tidyDiff(t); m.Tidy && diff != "" {
				t.Errorf("Tidy is promised after removing from %v to %v, beside %s:\n%s", more, few, own.pkg, diff)
			}
		})
	}
}

// TestOwnersCommentsStayTidy adds and removes features in a repository whose
// owner has but commented his go.mod: there tidiness is promised.
func TestOwnersCommentsStayTidy(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command a hundred times")
	}
	random := rand.New(rand.NewPCG(7, 8))
	for i := range 12 {
		from, to := grow(random)
		if i%2 == 1 {
			from, to = to, from
		}
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			r := newRepository(t, from)
			base := r.solve(t)
			ours := base
			ours.Mod = bytes.ReplaceAll(base.Mod, []byte("\nrequire"), []byte("\n// Mine.\nrequire"))
			r.setImports(t, to)
			if m := r.merge(t, base, ours); !m.Tidy {
				t.Errorf("Tidy is not promised: %q", m.Notes)
			}
			if diff := r.tidyDiff(t); diff != "" {
				t.Errorf("go mod tidy -diff after %v became %v:\n%s", from, to, diff)
			}
		})
	}
}

// TestOwnersUseOfAFeatureOutlivesIt removes a feature that a file of the
// owner's goes on to use.
func TestOwnersUseOfAFeatureOutlivesIt(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command a hundred times")
	}
	for _, used := range features {
		t.Run(used[0], func(t *testing.T) {
			t.Parallel()
			rest := []string{"golang.org/x/sync/errgroup", "golang.org/x/sync/singleflight"}
			r := newRepository(t, append(slices.Clone(used), rest...))
			base := r.solve(t)
			r.write(t, base)
			r.file(t, "mine.go", blank(used[:1]))

			r.setImports(t, rest)
			if m := r.merge(t, base, base, used[0]); m.Tidy {
				t.Errorf("Tidy is promised where the owner alone uses %s", used[0])
			}
			r.run(t, "vet", "-mod=readonly", "./...")
		})
	}
}

// features are what templates import together.
var features = [][]string{
	{"github.com/jackc/pgx/v5", "github.com/jackc/pgx/v5/pgxpool", "github.com/jackc/pgx/v5/pgconn", "github.com/jackc/pgx/v5/stdlib"},
	{"github.com/pressly/goose/v3", "github.com/pressly/goose/v3/lock", "github.com/pressly/goose/v3/database"},
	{"github.com/redis/go-redis/v9", "github.com/alicebob/miniredis/v2"},
	{"github.com/hibiken/asynq"},
	{"github.com/riverqueue/river", "github.com/riverqueue/river/riverdriver/riverpgxv5", "github.com/riverqueue/river/rivermigrate", "github.com/riverqueue/river/rivertest"},
	{"github.com/danielgtaylor/huma/v2", "github.com/danielgtaylor/huma/v2/adapters/humago"},
	{"github.com/coreos/go-oidc/v3/oidc", "golang.org/x/oauth2"},
	{"golang.org/x/crypto/argon2", "golang.org/x/sync/errgroup"},
	{"github.com/google/go-cmp/cmp", "go.uber.org/goleak"},
	{"github.com/fergusstrange/embedded-postgres"},
}

// grow returns what some features import, and what they and some others do.
func grow(random *rand.Rand) (few, more []string) {
	order := random.Perm(len(features))
	for _, i := range order[:2+random.IntN(2)] {
		few = append(few, features[i]...)
	}
	more = slices.Clone(few)
	for _, i := range order[4 : 6+random.IntN(3)] {
		more = append(more, features[i]...)
	}
	return few, more
}

// merge merges what the repository imports now into its files. The packages
// that the owner imports besides are not solved for.
func (r *repository) merge(t *testing.T, base, ours Files, own ...string) Merged {
	t.Helper()
	m, err := Merge(base, ours, r.solve(t), append(own, r.imports...))
	if err != nil {
		t.Fatal(err)
	}
	r.write(t, m.Files)
	return m
}
