package config

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAProviderIsToldWholeOrNotAtAll(t *testing.T) {
	const client, secret, issuer = "OIDC_CLIENT_ID=app", "OIDC_CLIENT_SECRET=canary", "OIDC_ISSUER="
	for _, test := range []struct {
		environ []string
		want    []string
	}{
		{nil, nil},
		{[]string{client, secret, issuer + "https://tenant.eu.auth0.com/"}, nil},
		{[]string{client, secret, issuer + "http://127.0.0.1:4000"}, nil},
		{[]string{client, secret, issuer + "http://127.0.0.1:4000", "APP_ENV=production"}, []string{"OIDC_ISSUER"}},
		{[]string{client, secret, issuer + "https://accounts.google.com", "APP_ENV=production"}, nil},
		{[]string{client, secret, issuer + "accounts.google.com"}, []string{"OIDC_ISSUER"}},
		{[]string{client, secret, issuer + "https://user@accounts.google.com"}, []string{"OIDC_ISSUER"}},
		{[]string{client, secret, issuer + "https://accounts.google.com?x=y"}, []string{"OIDC_ISSUER"}},
		{[]string{secret}, []string{"OIDC_ISSUER"}},
		{[]string{client}, []string{"OIDC_ISSUER"}},
		{[]string{issuer + "https://accounts.google.com"}, []string{"OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"}},
	} {
		var got []string
		for name := range problems(t, test.environ...) {
			if len(name) > 5 && name[:5] == "OIDC_" {
				got = append(got, name)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", test.environ, diff)
		}
	}
}
