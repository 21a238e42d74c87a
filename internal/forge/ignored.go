package forge

import (
	"context"
	"strings"
)

// Ignored lists which of the paths below root git leaves out of what it adds,
// by the rules of the repository or by the user's own. A file that is tracked is
// never one. It is an ErrNoRepository where there is no repository.
func Ignored(ctx context.Context, root string, paths []string) ([]string, error) {
	if _, err := prefix(ctx, root); err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, nil
	}
	out, err := git{dir: root, args: []string{"check-ignore", "-z", "--stdin"}, stdin: []byte(strings.Join(paths, "\x00"))}.run(ctx)
	if err != nil && exitCode(err) != 1 { // 1 is none
		return nil, err
	}
	return fields(out), nil
}
