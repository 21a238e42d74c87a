// Package past renders answers with another version of startkit: the base of
// an update is what the version in startkit.mod would write, and only that
// version knows. Module versions are immutable and checksummed, so the base is
// never stored; it is rendered again, by running that version.
package past

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/tree"
)

// Source says which program renders.
type Source struct {
	// Version is a released version, run by the go command from the module
	// cache or through the module proxy.
	Version string
	// Binary is the path of a startkit program. It comes before Version.
	Binary string
}

// file is a file as the hidden command `tree` prints it.
type file struct {
	Data []byte `json:"data"`
	Exec bool   `json:"exec,omitempty"`
	Seed bool   `json:"seed,omitempty"`
}

// ErrNone says that the version cannot be run here.
var ErrNone = errors.New("cannot be run here")

// Render renders a startkit.mod with another startkit.
func Render(ctx context.Context, s Source, mod []byte) (tree.Tree, error) {
	args := []string{s.Binary, "tree"}
	if s.Binary == "" {
		args = []string{"go", "run", answers.Tool + "/cmd/startkit@" + s.Version, "tree"}
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdin = bytes.NewReader(mod)
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("startkit %s %w: %s", s.Version, ErrNone, last(stderr.String(), err))
	}
	return Decode(out.Bytes())
}

// last returns the last line that a program printed, or how it ended.
func last(text string, err error) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if l := lines[len(lines)-1]; l != "" {
		return l
	}
	return err.Error()
}

// Encode writes a tree the way the command `tree` prints it.
func Encode(t tree.Tree) ([]byte, error) {
	files := map[string]file{}
	for p, f := range t {
		files[p] = file{f.Data, f.Exec, f.Seed}
	}
	return json.Marshal(files)
}

// Decode reads what Encode wrote.
func Decode(b []byte) (tree.Tree, error) {
	var files map[string]file
	if err := json.Unmarshal(b, &files); err != nil {
		return nil, fmt.Errorf("read the rendered tree: %w", err)
	}
	t := tree.Tree{}
	for p, f := range files {
		t[p] = tree.File{Data: f.Data, Exec: f.Exec, Seed: f.Seed}
	}
	return t, nil
}
