package disk

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/startkit/startkit/internal/tree"
)

// The tests that kill run this binary again with these variables: what to do,
// where, and at which step to die.
const (
	helperDo   = "STARTKIT_DISK_DO"
	helperAt   = "STARTKIT_DISK_AT"
	helperDies = "STARTKIT_DISK_DIES"
)

func TestMain(m *testing.M) {
	do := os.Getenv(helperDo)
	if do == "" {
		os.Exit(m.Run())
	}
	count := 0
	dies, _ := strconv.Atoi(os.Getenv(helperDies))
	step = func(string, ...string) error {
		if count++; count == dies {
			kill()
		}
		return nil
	}
	if err := helpers[do](os.Getenv(helperAt)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// kill ends this process the hard way.
func kill() {
	if p, err := os.FindProcess(os.Getpid()); err == nil {
		_ = p.Kill()
	}
	select {}
}

var helpers = map[string]func(at string) error{
	"stage": func(at string) error { return make1(at, generated()) },
	"apply": func(at string) error { return Apply(at, scenes()[0].edits) },
	// Forever, so that a kill meets any of the steps.
	"stages": func(at string) error {
		for n := 0; ; n++ {
			if err := make1(filepath.Join(at, strconv.Itoa(n)), generated()); err != nil {
				return err
			}
			fmt.Println(n)
		}
	},
	"applies": func(at string) error {
		fmt.Println("ready")
		for {
			if _, err := Recover(at); err != nil {
				return err
			}
			edits := scenes()[0].edits
			if _, err := os.Lstat(filepath.Join(at, "fresh")); err == nil {
				edits = reversed(edits)
			}
			if err := Apply(at, edits); err != nil {
				return err
			}
		}
	},
}

// make1 makes a repository the way that new does.
func make1(target string, t tree.Tree) error {
	s, err := Stage(target)
	if err != nil {
		return err
	}
	defer s.Discard()
	if err := s.Write(t); err != nil {
		return err
	}
	return s.Commit()
}

// generated is a small repository.
func generated() tree.Tree {
	t := tree.Tree{"run": *script("#!/bin/sh\n")}
	for i := range 8 {
		t[fmt.Sprintf("internal/p%d/f%d.go", i%3, i)] = *file(strings.Repeat(fmt.Sprintln("package", i), 50))
	}
	return t
}

// helper starts this binary again.
func helper(t testing.TB, do, at string, dies int) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), helperDo+"="+do, helperAt+"="+at, helperDies+"="+strconv.Itoa(dies))
	return cmd
}

// killed runs a helper, kills it a while after its first words, and hands back
// what it said last.
func killed(t testing.TB, do, at string, after time.Duration) string {
	t.Helper()
	cmd := helper(t, do, at, 0)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs strings.Builder
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	last := ""
	if lines.Scan() {
		last = lines.Text()
	}
	timer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
	for lines.Scan() {
		last = lines.Text()
	}
	timer.Stop()
	if err := cmd.Wait(); err == nil || errs.Len() > 0 {
		t.Fatalf("%s ended by itself: %v %s", do, err, errs.String())
	}
	return last
}
