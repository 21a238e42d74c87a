package app

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"example.com/myapp/internal/platform/db/dbtest"
)

// available returns the environment of a process for which all that it needs is there.
func available(t testing.TB) []string {
	t.Helper()
	environ := []string{"HTTP_ADDR=127.0.0.1:0", "ADMIN_ADDR=127.0.0.1:0"}

	environ = append(environ, "DATABASE_URL="+dbtest.Options(t, schemas()...).URL.Reveal())

	environ = append(environ, "CRYPTO_KEYS=dev:gJ2Vd0cSaXsU1y3qvT8mZr5nLw7bKe9hPf4oYtRxQ6A=")

	return environ
}

// launched is a process that runs inside the test.
type launched struct {
	// urls are where its servers listen, by name.
	urls map[string]string

	// stop does what a signal does and returns the exit code and the log.
	stop func() (code int, log string)
}

// launch runs a command until so many servers listen.
func launch(t *testing.T, environ []string, command string, servers int) launched {
	t.Helper()
	ctx, signal := context.WithCancel(t.Context())
	read, write := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- Main(ctx, Process{Args: []string{command}, Environ: environ, Stdout: io.Discard, Stderr: write})
		write.Close()
	}()
	l := launched{urls: make(map[string]string)}
	var log strings.Builder
	lines := bufio.NewScanner(read)
	for len(l.urls) < servers && lines.Scan() {
		log.WriteString(lines.Text() + "\n")
		if _, server, ok := strings.Cut(lines.Text(), " msg=listening server="); ok {
			name, addr, _ := strings.Cut(server, " addr=")
			l.urls[name] = "http://" + addr
		}
	}
	if len(l.urls) < servers {
		signal()
		t.Fatalf("%s ended with %d:\n%s", command, <-code, log.String())
	}
	rest := make(chan bool)
	go func() {
		defer close(rest)
		for lines.Scan() {
			log.WriteString(lines.Text() + "\n")
		}
	}()
	l.stop = func() (int, string) {
		signal()
		<-rest
		return <-code, log.String()
	}
	return l
}

func TestEveryRoleRunsAloneAndEndsInOrder(t *testing.T) {
	environ := available(t)
	roles := map[string][]string{"serve": {"admin", "api"}, "all": {"admin", "api"}}

	roles["worker"] = []string{"admin"}

	for role, servers := range roles {
		t.Run(role, func(t *testing.T) {
			l := launch(t, environ, role, len(servers))
			for _, server := range servers {
				for _, path := range []string{"/livez", "/readyz"} {
					if err := get(http.DefaultClient, l.urls[server]+path, http.StatusOK); err != nil {
						t.Error(err)
					}
				}
			}
			if code, log := l.stop(); code != 0 || strings.Contains(log, "level=ERROR") || !strings.HasSuffix(log, "msg=stopped\n") {
				t.Errorf("ended with %d:\n%s", code, log)
			}
		})
	}
}

func TestGarbageOfAProcessThatServesIsCollectedInLargePieces(t *testing.T) {
	limit := func() int64 {
		runtime.GC()
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		return int64(memory.NextGC)
	}
	before := limit()
	l := launch(t, available(t), "serve", 2)
	during := limit()
	if code, log := l.stop(); code != 0 {
		t.Fatalf("ended with %d:\n%s", code, log)
	}
	if more := during - before; more < 60<<20 {
		t.Errorf("the heap may grow by %d bytes more than without the process, want 60 MB", more)
	}
	if more := limit() - before; more > 30<<20 {
		t.Errorf("after its end the heap may still grow by %d bytes more", more)
	}
}
