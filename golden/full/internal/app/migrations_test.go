package app

import (
	"io/fs"
	"testing"

	"example.com/myapp/internal/platform/db/dbtest"
)

func TestNoMigrationStopsWhatRuns(t *testing.T) {
	for _, s := range schemas() {
		files, err := fs.Glob(s.Files, "*.sql")
		if err != nil || len(files) == 0 {
			t.Fatalf("migrations of %s: %d, %v", s.Name, len(files), err)
		}
		for _, file := range files {
			text, err := fs.ReadFile(s.Files, file)
			if err != nil {
				t.Fatal(err)
			}
			for _, hazard := range dbtest.Lint(s.Name+"/"+file, string(text)) {
				t.Error(hazard)
			}
		}
	}
}
