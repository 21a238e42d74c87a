package app

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"
)

// BenchmarkTenantRead compares a read of the whole application, over HTTP and from Postgres, with the bare query behind
// net/http: in turns, so that what else the machine does meets both. Whole has everything on: the access log, the request id,
// the headers, the limits, the session, the membership, the permission and the policies of Postgres. There are 16 users, each
// with a session, a workspace and a connection of his own. The numbers are medians; client, server and Postgres share one machine.
//
// Seen on two busy cores: 0.3 to 0.45. Every request asks Postgres for its session and membership, so that what is revoked is revoked
// at once. Without that round trip it was 0.6.
//
//	go test -run '^$' -bench TenantRead ./internal/app
func BenchmarkTenantRead(b *testing.B) {
	const users, each = 16, 50
	s := newTenantReads(b)
	whole, bare := s.whole(), s.bare()
	var requests [][]byte
	for range users {
		requests = append(requests, s.reader(whole))
	}
	rateOf := func(at string) func() float64 {
		var conns []readConn
		for range users {
			conns = append(conns, dialReads(b, at))
		}
		return func() float64 {
			var group sync.WaitGroup
			start := time.Now()
			for i, c := range conns {
				group.Go(func() {
					for range each {
						if _, err := c.send(requests[i], http.StatusOK); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			group.Wait()
			return users * each / time.Since(start).Seconds()
		}
	}
	wholeRate, bareRate := rateOf(whole), rateOf(bare)
	wholeRate()
	bareRate()

	var wholes, bares, ratios []float64
	for b.Loop() {
		w, x := wholeRate(), bareRate()
		wholes, bares, ratios = append(wholes, w), append(bares, x), append(ratios, w/x)
	}
	median := func(list []float64) float64 {
		slices.Sort(list)
		return list[len(list)/2]
	}
	b.ReportMetric(median(wholes), "req/s")
	b.ReportMetric(median(bares), "bare-req/s")
	b.ReportMetric(median(ratios), "ratio")
	b.ReportMetric(0, "ns/op")
}
