package manifest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/startkit/startkit/internal/manifest"
)

func TestParseReadsBlocksCommentsAndQuotes(t *testing.T) {
	rows, err := manifest.Parse("feature.mod", []byte(`// Redis holds what may be lost.
// Nothing here is the only copy.
feature redis
summary "sessions // and limits"
needs core // always
env (
	// Where the cache lives.
	REDIS_URL "redis://localhost:6379/0" // secret

	REDIS_TIMEOUT 200ms
)
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []manifest.Row{
		{Words: []string{"feature", "redis"}, Doc: "Redis holds what may be lost.\nNothing here is the only copy.", Line: 3},
		{Words: []string{"summary", "sessions // and limits"}, Line: 4},
		{Words: []string{"needs", "core"}, Note: "always", Line: 5},
		{Words: []string{"env", "REDIS_URL", "redis://localhost:6379/0"}, Doc: "Where the cache lives.", Note: "secret", Line: 8},
		{Words: []string{"env", "REDIS_TIMEOUT", "200ms"}, Line: 10},
	}
	if diff := cmp.Diff(want, rows, cmpopts.IgnoreFields(manifest.Row{}, "Quoted")); diff != "" {
		t.Error(diff)
	}
}

func TestParseRefusesWithFileAndLine(t *testing.T) {
	tests := map[string]string{
		"feature redis\nenv REDIS_URL redis://localhost\n": `f.mod:2: redis: is cut off at //; put the value in quotes`,
		"feature redis\nrequire example.com/x v1.x\n":      `f.mod:2: require example.com/x: version "v1.x" invalid: must be of the form v1.2.3`,
	}
	for in, want := range tests {
		_, err := manifest.Parse("f.mod", []byte(in))
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", in, err, want)
		}
	}
}
