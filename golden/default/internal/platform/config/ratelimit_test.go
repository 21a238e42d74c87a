package config

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestProxiesAreNetworksAndLimitsCanBeCounted(t *testing.T) {
	for variable, values := range map[string][]string{
		"TRUSTED_PROXIES": {"1", "10.0.0.1", "10.0.0.0/33", "10.0.0.0/8;fd00::/8"},
		"RATE_LIMIT":      {"-1", "10001"},
	} {
		for _, value := range values {
			if problems(t, variable+"="+value)[variable] == "" {
				t.Errorf("%s=%s is not refused", variable, value)
			}
		}
	}
	got, err := Config{TrustedProxies: "10.1.2.3/8, fd00::/8"}.Proxies()
	want := []string{"10.0.0.0/8", "fd00::/8"}
	var texts []string
	for _, p := range got {
		texts = append(texts, netip.Prefix.String(p))
	}
	if diff := cmp.Diff(want, texts); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
