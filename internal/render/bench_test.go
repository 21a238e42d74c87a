package render_test

import (
	"testing"

	"github.com/startkit/startkit/internal/catalog"
	"github.com/startkit/startkit/internal/plan"
	"github.com/startkit/startkit/internal/render"
	"github.com/startkit/startkit/templates"
)

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := catalog.Load(templates.FS); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRender renders the largest golden repository.
func BenchmarkRender(b *testing.B) {
	p, err := plan.Make(shop([]string{"asynq"}, billing), shipped(b))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := render.Render(p); err != nil {
			b.Fatal(err)
		}
	}
}
