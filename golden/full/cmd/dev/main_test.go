package main

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheFileIsReadLineByLine(t *testing.T) {
	got, err := parseEnvironment("# a comment\n\nA=1\n export B = two words \nC='$x # y'\nD=\"\"\nE=a=b\nF='\n")
	if err != nil {
		t.Fatal(err)
	}
	want := environment{"A": "1", "B": "two words", "C": "$x # y", "D": "", "E": "a=b", "F": "'"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestALineThatIsNoSettingIsNamed(t *testing.T) {
	for _, line := range []string{"A", "=1", "A B=1"} {
		file := filepath.Join(t.TempDir(), ".env")
		if err := os.WriteFile(file, []byte("X=1\n"+line+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readEnvironment(file); err == nil || err.Error() != file+":2: want NAME=value" {
			t.Errorf("%q: got %v", line, err)
		}
	}
}

func TestTheEnvironmentWinsOverTheFileUnlessItIsEmpty(t *testing.T) {
	file := filepath.Join(t.TempDir(), ".env")
	if err := os.WriteFile(file, []byte("DEV_TEST_A=file\nDEV_TEST_B=file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DEV_TEST_A", "process")
	t.Setenv("DEV_TEST_B", "")
	env, err := readEnvironment(file)
	if err != nil || env["DEV_TEST_A"] != "process" || env["DEV_TEST_B"] != "file" {
		t.Errorf("got %q and %q, %v", env["DEV_TEST_A"], env["DEV_TEST_B"], err)
	}
}

func TestAPortInUseIsSaidInOneLine(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	addr := listener.Addr().String()
	err = free(t.Context(), addr, "HTTP_ADDR")
	if want := addr + " is in use; end what listens there or set HTTP_ADDR"; err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestSignalsReachTheAppAndItsExitCodeIsOurs(t *testing.T) {
	ready := filepath.Join(t.TempDir(), "ready")
	if err := syscall.Mkfifo(ready, 0o600); err != nil {
		t.Fatal(err)
	}
	const app = `trap 'exit 7' TERM; echo > "$1"; while :; do sleep 0.05; done`
	code := make(chan int)
	go func() {
		got, err := supervise(t.Context(), environment{"PATH": os.Getenv("PATH")}, "sh", "-c", app, "sh", ready)
		if err != nil {
			t.Error(err)
		}
		code <- got
	}()
	if text, err := os.ReadFile(ready); err != nil || strings.TrimSpace(string(text)) != "" {
		t.Fatal(text, err)
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if got := <-code; got != 7 {
		t.Errorf("exit code %d", got)
	}
}

func TestAnAppThatASignalEndsHasTheExitCodeOfAShell(t *testing.T) {
	code, err := supervise(t.Context(), environment{"PATH": os.Getenv("PATH")}, "sh", "-c", "kill -9 $$")
	if code != 137 || err != nil {
		t.Errorf("got %d, %v", code, err)
	}
}

func TestNothingIsStartedAfterASignal(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if code, err := supervise(ctx, environment{}, "true"); code != 1 || err == nil {
		t.Errorf("got %d, %v", code, err)
	}
}
