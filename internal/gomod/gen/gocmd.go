package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"

	"golang.org/x/mod/module"
)

// goCommand runs the go command in a folder of its own, with leave to edit the
// go.mod there, and returns what it prints.
func goCommand(dir string, args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	var problem strings.Builder
	cmd.Stderr = &problem
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", strings.Join(args[:1], " "), err, problem.String())
	}
	return strings.TrimSpace(string(out)), nil
}

// download brings the zips of module versions into the module cache.
func download(dir string, mods []module.Version) error {
	args := []string{"mod", "download"}
	for _, m := range mods {
		args = append(args, m.String())
	}
	_, err := goCommand(dir, args...)
	return err
}

// buildList returns the selected version of every module in the graph, as the
// go command sees it.
func buildList(dir string) (map[string]string, error) {
	out, err := goCommand(dir, "list", "-m", "-f", "{{if not .Main}}{{.Path}} {{.Version}}{{end}}", "all")
	if err != nil {
		return nil, err
	}
	selected := map[string]string{}
	for line := range strings.Lines(out) {
		path, version, _ := strings.Cut(strings.TrimSpace(line), " ")
		selected[path] = version
	}
	return selected, nil
}
