package proof

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryPairOfFeaturesTypeChecks generates the stacks of variants, with a
// domain and without, and type-checks, vets and tidies each, tests included.
// Stacks that give the same Go files are looked at once.
func TestEveryPairOfFeaturesTypeChecks(t *testing.T) {
	// Nothing of these is run: what vet compiles on its way is not optimized.
	env := append(environ(t, t.TempDir()), "GOFLAGS=-trimpath '-gcflags=-N -l'")
	seen := map[string]bool{}
	for _, stack := range variants(t) {
		name := strings.Join(stack, ",")
		t.Run(name, func(t *testing.T) {
			args := []string{"new", "shop", "--module=example.com/shop", "--stack=" + name, "--no-git"}
			var r struct {
				Files []struct{ Path, SHA256 string }
			}
			dir := t.TempDir()
			dry := command{dir, env, startkit, append(args, "--dry-run", "--json")}.run(t)
			if err := json.Unmarshal([]byte(dry), &r); err != nil {
				t.Fatal(err)
			}
			key := ""
			for _, f := range r.Files {
				if strings.HasSuffix(f.Path, ".go") {
					key += f.Path + f.SHA256
				}
			}
			if seen[key] {
				return
			}
			seen[key] = true
			command{dir, env, startkit, args}.run(t)
			repository := filepath.Join(dir, "shop")
			for _, f := range r.Files {
				b, err := os.ReadFile(filepath.Join(repository, f.Path))
				if sum := sha256.Sum256(b); err != nil || hex.EncodeToString(sum[:]) != f.SHA256 {
					t.Errorf("%s is not what the dry run said: %v", f.Path, err)
				}
			}
			look(t, repository, env)
			command{repository, env, startkit, []string{"add", "domain", "orders", "--entity", "line_item"}}.run(t)
			look(t, repository, env)
		})
	}
}
