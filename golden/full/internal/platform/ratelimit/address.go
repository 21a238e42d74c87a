package ratelimit

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"example.com/myapp/internal/platform/httpx"
)

// Address is where the request of ctx comes from, as far as we can know, or "". IPv6 counts by its /64, all of which one customer
// has. It goes back from hop to hop as long as it is at a proxy of ours: what stands before anybody else's anybody can write.
func (l *Limiter) Address(ctx context.Context) (found string) {
	r := httpx.Incoming(ctx)
	if r == nil {
		return ""
	}
	hops := append(strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ","), r.RemoteAddr)
	for _, hop := range slices.Backward(hops) {
		hop = strings.TrimSpace(hop)
		ip, err := netip.ParseAddr(hop)
		if with, ok := netip.ParseAddrPort(hop); ok == nil {
			ip, err = with.Addr(), nil
		}
		if err != nil {
			break
		}
		ip = ip.Unmap().WithZone("")
		found = ip.String()
		if ip.Is6() {
			found = netip.PrefixFrom(ip, 64).Masked().String()
		}
		if !slices.ContainsFunc(l.Proxies, func(p netip.Prefix) bool { return p.Contains(ip) }) {
			break
		}
	}
	return found
}
