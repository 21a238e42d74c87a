package authz_test

import (
	"errors"
	"testing"
	"time"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/id"
)

func TestWhatIsSensitiveNeedsARecentProof(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for name, test := range map[string]struct {
		who  authz.Principal
		want error
	}{
		"nobody":                      {authz.Principal{}, authz.ErrAnonymous},
		"a user who has just proved":  {authz.Principal{Kind: authz.User, Proved: now.Add(-time.Minute)}, nil},
		"a user who proved long ago":  {authz.Principal{Kind: authz.User, Proved: now.Add(-time.Hour)}, authz.ErrProof},
		"a user who has never proved": {authz.Principal{Kind: authz.User}, authz.ErrProof},
		"a key":                       {authz.Principal{Kind: authz.Key, Proved: now}, authz.ErrProof},
		"the program":                 {authz.System(id.UUID{}), nil},
	} {
		if err := authz.CheckRecent(authz.With(t.Context(), test.who), 10*time.Minute); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", name, err, test.want)
		}
	}
}
