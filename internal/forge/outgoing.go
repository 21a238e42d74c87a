package forge

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Outgoing is the content of a file in a commit that a push would send.
type Outgoing struct {
	ID   string
	Path string
	Data []byte
}

// largest is up to which size a file is read here: what is larger was not
// written by hand.
const largest = 1 << 20

// EachOutgoing hands over every file of the commits of a branch that the commit
// there has not ("" for none), those of the history included. Files above 1 MiB
// come without content.
func (r Remote) EachOutgoing(ctx context.Context, branch, there string, each func(Outgoing)) error {
	root, args := r.Root, []string{"rev-list", "--objects", "refs/heads/" + branch}
	if there != "" {
		args = append(args, "^"+there)
	}
	list, err := git{dir: root, args: append(args, "--")}.run(ctx)
	if err != nil {
		return err
	}
	paths, ids := map[string]string{}, bytes.Buffer{}
	for line := range strings.Lines(string(list)) {
		if id, path, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " "); ok && path != "" {
			paths[id] = path
			fmt.Fprintln(&ids, id)
		}
	}
	sizes, err := git{dir: root, args: []string{"cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)"}, stdin: ids.Bytes()}.run(ctx)
	if err != nil {
		return err
	}
	var some []string
	total := 0
	flush := func() error {
		err := contents(ctx, root, some, func(id string, data []byte) { each(Outgoing{id, paths[id], data}) })
		some, total = nil, 0
		return err
	}
	for line := range strings.Lines(string(sizes)) {
		row := strings.Fields(line)
		if len(row) != 3 || row[1] != "blob" {
			continue
		}
		size, _ := strconv.Atoi(row[2])
		if size > largest {
			each(Outgoing{row[0], paths[row[0]], nil})
			continue
		}
		some = append(some, row[0])
		if total += size; total > 32*largest {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// contents reads blobs.
func contents(ctx context.Context, root string, ids []string, each func(id string, data []byte)) error {
	if len(ids) == 0 {
		return nil
	}
	out, err := git{dir: root, args: []string{"cat-file", "--batch"}, stdin: []byte(strings.Join(ids, "\n") + "\n")}.run(ctx)
	for err == nil && len(out) > 0 {
		head, rest, _ := bytes.Cut(out, []byte("\n"))
		row := strings.Fields(string(head))
		if len(row) != 3 {
			return fmt.Errorf("git cat-file: %q is no row of it", head)
		}
		size, convErr := strconv.Atoi(row[2])
		if convErr != nil || size >= len(rest) {
			return fmt.Errorf("git cat-file: %q is cut short", head)
		}
		each(row[0], rest[:size])
		out = rest[size+1:]
	}
	return err
}

// CommitOf names a commit of a branch that brought or took a blob, in short.
func CommitOf(ctx context.Context, root, branch, blob string) string {
	out, _ := git{dir: root, args: []string{"log", "--no-show-signature", "-1", "--format=%h", "--find-object=" + blob, "refs/heads/" + branch, "--"}}.run(ctx)
	return strings.TrimSpace(string(out))
}
