package change_test

import (
	"fmt"

	"github.com/startkit/startkit/internal/change"
	"github.com/startkit/startkit/internal/tree"
)

func file(s string) tree.File { return tree.File{Data: []byte(s)} }

// A feature is added to a repository whose owner has edited .env.example.
func ExampleMerge() {
	base := tree.Tree{".env.example": file("PORT=8080\n")}
	ours := tree.Tree{".env.example": file("PORT=9090\nMINE=1\n")}
	theirs := tree.Tree{".env.example": file("PORT=8080\nREDIS_URL=\n"), "redis.go": file("package redis\n")}

	c := change.Merge(base, ours, theirs, change.Options{})
	for _, f := range c.Files {
		fmt.Printf("%-8s %s: %s\n", f.Verdict, f.Path, f.Reason)
	}
	fmt.Print(c.Files[0].Unified())
	// Output:
	// merged   .env.example: your edits and what is new
	// created  redis.go: new
	// diff --git a/.env.example b/.env.example
	// --- a/.env.example
	// +++ b/.env.example
	// @@ -1,2 +1,3 @@
	//  PORT=9090
	// +REDIS_URL=
	//  MINE=1
}
