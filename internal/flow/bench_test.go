package flow

import (
	"fmt"
	"testing"
	"time"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/tree"
)

// BenchmarkAddADomain adds a domain to repositories of 1 to 200 domains, and
// prints what the merge costs beside the two renders that it needs.
func BenchmarkAddADomain(b *testing.B) {
	for _, n := range []int{1, 10, 50, 200} {
		b.Run(fmt.Sprintf("to_%d", n), func(b *testing.B) {
			a := answers.Answers{Version: answers.Version, Name: "shop", Module: "example.com/shop", Stack: []string{"asynq"}}
			for i := range n {
				a.Domains = append(a.Domains, answers.Domain{Name: fmt.Sprintf("part%d", i), Entity: "thing", Plural: "things"})
			}
			more := a
			more.Domains = append(more.Domains[:n:n], answers.Domain{Name: "billing", Entity: "invoice", Plural: "invoices"})
			var renders, merges time.Duration
			for b.Loop() {
				start := time.Now()
				before, after := must(b, a), must(b, more)
				renders += time.Since(start)
				start = time.Now()
				if c := merged(before, before, after); !c.Clean() {
					b.Fatal("a conflict")
				}
				merges += time.Since(start)
			}
			b.ReportMetric(float64(renders+merges)/float64(renders), "add/renders")
		})
	}
}

func must(b *testing.B, a answers.Answers) tree.Tree {
	b.Helper()
	_, t, err := rendered(a)
	if err != nil {
		b.Fatal(err)
	}
	return t
}
