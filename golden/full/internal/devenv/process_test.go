//go:build unix

package devenv

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// wait is a server for tests, in the state that a database is in while its data is made: a shell that waits for another program.
const wait = "/bin/sleep 1000; true"

// TestMain makes this process the one that a test kills, if the environment says so: it starts a server and tells where.
func TestMain(m *testing.M) {
	if os.Getenv("DEVENV_TO_BE_KILLED") == "" {
		os.Exit(m.Run())
	}
	in, err := openFolder("process", "")
	if err != nil {
		panic(err)
	}
	p, err := start(in, "QUIT", "/bin/sh", "-c", wait)
	if err != nil {
		panic(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(in.path); err != nil {
		panic(err)
	}
	_, _ = os.Stdin.Read(make([]byte, 1)) // for ever
	panic(p.stop())
}

func TestServerDoesNotOutliveAProcessThatIsKilled(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "DEVENV_TO_BE_KILLED=yes")
	cmd.Stderr = t.Output()
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var folder string
	if err := json.NewDecoder(stdout).Decode(&folder); err != nil {
		t.Fatal(err)
	}
	lock, err := os.Open(filepath.Join(folder, "lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|nonBlocking); err == nil {
		t.Error("the folder is not locked while the server runs")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	// The guard has the lock until the server has ended and the folder is removed.
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	if isFile(folder) {
		t.Errorf("%s is left", folder)
	}
}

func TestServerThatEndsAtOnceIsToldWithItsLog(t *testing.T) {
	t.Parallel()
	in, err := openFolder("process", "")
	if err != nil {
		t.Fatal(err)
	}
	p, err := start(in, "QUIT", "/bin/sh", "-c", "echo reason >&2")
	if err != nil {
		t.Fatal(err)
	}
	never := func(context.Context) error { return os.ErrDeadlineExceeded }
	err = p.await(t.Context(), never)
	if diff := cmp.Diff("server ended at start:\nreason", err.Error()); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
	if err := p.stop(); err != nil {
		t.Error(err)
	}
	if isFile(in.path) {
		t.Errorf("%s is left", in.path)
	}
}

func TestServerWhoseGuardWasKilledIsStopped(t *testing.T) {
	t.Parallel()
	in, err := openFolder("process", "")
	if err != nil {
		t.Fatal(err)
	}
	p, err := start(in, "QUIT", "/bin/sh", "-c", wait)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.guard.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := p.stop(); err != nil {
		t.Error(err)
	}
	if isFile(in.path) {
		t.Errorf("%s is left", in.path)
	}
}

func TestFolderInUseIsRefused(t *testing.T) {
	t.Parallel()
	dir := kept(t)
	in, err := openFolder("process", dir)
	if err != nil {
		t.Fatal(err)
	}
	defer in.close()
	if second, err := openFolder("process", dir); err == nil {
		second.close()
		t.Error("a second process was given the folder")
	}
}

func TestLeftoversAreSweptAndNothingElse(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	folder := func(name string, age time.Duration) string {
		path := filepath.Join(root, name)
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		then := time.Now().Add(-age)
		if err := os.Chtimes(path, then, then); err != nil {
			t.Fatal(err)
		}
		return path
	}
	left, young, used := folder("left", time.Hour), folder("young", 0), folder("used", time.Hour)
	lock, err := lockFile(filepath.Join(used, "lock"), nonBlocking)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := os.Chtimes(used, time.Time{}, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	sweep(filepath.Join(root, "*"))
	if isFile(left) || !isFile(young) || !isFile(used) {
		t.Errorf("there are: left %v, young %v, used %v", isFile(left), isFile(young), isFile(used))
	}
}
