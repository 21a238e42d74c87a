package ratelimit

import (
	"context"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

type addressKey struct{}

// origin is the request whose address may be asked for.
type origin struct {
	limiter *Limiter
	request *http.Request
}

// Address is where the request of ctx comes from, as far as we can know, or "". IPv6 counts by its /64, all of which one customer
// has.
func Address(ctx context.Context) string {
	o, found := ctx.Value(addressKey{}).(origin)
	if !found {
		return ""
	}
	return o.limiter.address(o.request)
}

// address goes back from hop to hop as long as it is at a proxy of ours: what stands before anybody else's anybody can write.
func (l *Limiter) address(r *http.Request) (found string) {
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
