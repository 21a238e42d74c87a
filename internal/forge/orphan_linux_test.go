package forge

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestGitDoesNotOutliveUs kills a process that waits for a commit, and waits
// until the commit is gone as well.
func TestGitDoesNotOutliveUs(t *testing.T) {
	if dir := os.Getenv("STARTKIT_FORGE_INIT"); dir != "" {
		_ = Init(t.Context(), dir, "begin")
		return
	}
	l := newLab(t).known()
	sign := filepath.Join(l.home, "pid")
	l.config("[core]\n\thooksPath = " + filepath.Join(l.home, "hooks") + "\n")
	l.writeAt(filepath.Join(l.home, "hooks", "pre-commit"), "#!/bin/sh\necho $PPID >"+sign+".new\nmv "+sign+".new "+sign+"\nexec sleep 10\n", 0o755)
	cmd := exec.Command(os.Args[0], "-test.run=TestGitDoesNotOutliveUs")
	cmd.Env = append(os.Environ(), "STARTKIT_FORGE_INIT="+l.begun())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	text := ""
	for text == "" {
		data, _ := os.ReadFile(sign)
		text = strings.TrimSpace(string(data))
		time.Sleep(time.Millisecond)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	git, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	// The hook sleeps for ten seconds, and so would git.
	for range 500 {
		if gone(git) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("git goes on")
}

// gone says that a process ended, even if nobody has waited for it yet.
func gone(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || strings.Contains(string(stat), ") Z ")
}
