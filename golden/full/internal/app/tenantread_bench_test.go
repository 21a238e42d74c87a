package app

import (
	"net/http"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
)

// BenchmarkTenantRead compares a read of the whole application, over HTTP and from Postgres, with the bare query behind
// net/http: in turns, so that what else the machine does meets both. Whole has everything on: the access log, the request id,
// the headers, the limits, the session, the membership, the permission and the policies of Postgres. There are 16 users, each
// with a session, a workspace and a connection of his own, among 10,000 workspaces. The numbers are medians; client, server and
// Postgres share one machine. Asked is the same with SIGN_IN_MEMORY=0s, where Postgres is asked for the session each time.
//
//	go test -run '^$' -bench TenantRead ./internal/app
func BenchmarkTenantRead(b *testing.B) {
	const users, each = 16, 50
	s := newTenantReads(b)
	for _, statement := range []string{
		"insert into workspaces.workspaces (tenant_id, name) select gen_random_uuid(), 'Another' from generate_series(1, 10000)",
		"analyze workspaces.workspaces",
	} {
		if _, err := s.pool.Exec(b.Context(), statement); err != nil {
			b.Fatal(err)
		}
	}
	defer runtime.KeepAlive(heapFloor()) // as in the process that serves
	whole, bare := s.whole(), s.bare()
	s.cfg.SignInMemory = 0
	asking := s.whole()
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
	rates := map[string]func() float64{"": rateOf(whole), "asked-": rateOf(asking), "bare-": rateOf(bare)}
	seen := map[string][]float64{}
	for b.Loop() {
		now := map[string]float64{}
		for name, rate := range rates {
			now[name] = rate()
			seen[name+"req/s"] = append(seen[name+"req/s"], now[name])
		}
		for _, name := range []string{"", "asked-"} {
			seen[name+"ratio"] = append(seen[name+"ratio"], now[name]/now["bare-"])
		}
	}
	for unit, values := range seen {
		slices.Sort(values)
		b.ReportMetric(values[len(values)/2], unit)
	}
	b.ReportMetric(0, "ns/op")
}
