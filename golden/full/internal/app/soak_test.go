package app

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
)

// soakSize is how much of something is done: more when SOAK is set, as make soak does.
func soakSize(ordinary, full int) int {
	if os.Getenv("SOAK") != "" {
		return full
	}
	return ordinary
}

// underLoad is a load on processes that are killed, stopped and cut off.
type underLoad struct {
	t        *testing.T
	environ  []string
	database *db.DB

	mu        sync.Mutex
	processes []*soakProcess

	// acknowledged is how many requests were answered with success, refused how many were not, and next the last number.
	acknowledged, refused, next atomic.Int64
}

// soakProcess is a process of the application. Its address is "" until it listens, and for a worker.
type soakProcess struct {
	role    string
	cmd     *exec.Cmd
	address atomic.Value
	ended   chan error
}

// newSoak returns a load on two processes of each role, on the database of the options, which has all schemas.
func newSoak(t *testing.T, environ []string, o db.Options) *underLoad {
	t.Helper()
	database, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(database.Close)
	s := &underLoad{t: t, environ: append(environ, "DATABASE_URL="+o.URL.Reveal()), database: database}
	for _, role := range []string{"serve", "serve", "worker", "worker"} {
		s.processes = append(s.processes, s.start(role))
	}
	t.Cleanup(func() {
		for _, p := range s.processes {
			_ = p.cmd.Process.Kill()
			<-p.ended
		}
	})
	return s
}

// soakOptions is a database of the test with the schemas of the application and of the test.
func soakOptions(t *testing.T) db.Options {
	t.Helper()
	return dbtest.Options(t, append(schemas(), soakSchema())...)
}

func (s *underLoad) start(role string) *soakProcess {
	p := &soakProcess{role: role, ended: make(chan error, 1)}
	p.address.Store("")
	p.cmd = exec.Command(os.Args[0], "-test.run=^TestSoakProcess$", "-test.timeout=0")
	p.cmd.Env = append(append(os.Environ(), s.environ...), "SOAK_PROCESS="+role, "LOG_LEVEL=info")
	read, write := io.Pipe()
	p.cmd.Stdout, p.cmd.Stderr = io.Discard, write
	if err := p.cmd.Start(); err != nil {
		s.t.Error(err)
		return p
	}
	go func() {
		for lines := bufio.NewScanner(read); lines.Scan(); {
			if _, address, ok := strings.Cut(lines.Text(), " server=api addr="); ok {
				p.address.Store("http://" + address)
			}
		}
		_, _ = io.Copy(io.Discard, read)
	}()
	go func() {
		err := p.cmd.Wait()
		write.Close()
		p.ended <- err
	}()
	return p
}

// replace ends a process with a signal, and starts another one in its place.
func (s *underLoad) replace(i int, how syscall.Signal) {
	s.mu.Lock()
	old := s.processes[i]
	s.mu.Unlock()
	_ = old.cmd.Process.Signal(how)
	if err := <-old.ended; how == syscall.SIGTERM && err != nil {
		s.t.Errorf("%s ended by itself or badly: %v", old.role, err)
	}
	fresh := s.start(old.role)
	s.mu.Lock()
	s.processes[i] = fresh
	s.mu.Unlock()
}

// openDir returns a folder that a server can reach when we are root: by itself, that of a test is closed to others.
func openDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, folder := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// server returns the address of one that serves, or "".
func (s *underLoad) server(n int64) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.processes[n%2].address.Load().(string)
}

// load sends requests until ctx ends, each until it is acknowledged: a refusal must be a problem that says what it is.
func (s *underLoad) load(ctx context.Context) *sync.WaitGroup {
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			for ctx.Err() == nil {
				number := s.next.Add(1)
				for try := number; !s.ask(number, s.server(try)) && s.t.Context().Err() == nil; try++ {
					s.refused.Add(1)
					time.Sleep(5 * time.Millisecond) // as a client that was refused does
				}
				s.acknowledged.Add(1)
			}
		})
	}
	return &clients
}

// ask asks for one effect and says whether that was acknowledged.
func (s *underLoad) ask(number int64, server string) bool {
	response, err := soakClient.Post(fmt.Sprintf("%s/work?number=%d", server, number), "application/json", nil)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if response.StatusCode >= http.StatusBadRequest && err == nil && response.Header.Get("Content-Type") != "application/problem+json" {
		s.t.Errorf("refused with %s %s", response.Status, body)
	}
	return response.StatusCode == http.StatusNoContent
}

// soakClient has a connection for each client, and an end to each request.
var soakClient = &http.Client{Timeout: 15 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 8}}

// reach waits until so many more requests were acknowledged.
func (s *underLoad) reach(more int64) {
	for limit, target := time.Now().Add(time.Minute), s.acknowledged.Load()+more; s.acknowledged.Load() < target; time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			s.t.Fatal("for a minute no request was acknowledged")
		}
	}
}

// settle waits until what was asked for is done, and fails if anything is lost or was done twice.
func (s *underLoad) settle() {
	s.t.Helper()
	const counts = `
		select (select count(*) from probe.requests) as asked,
			(select count(*) from probe.effects) as effects,
			(select count(distinct number) from probe.effects join probe.requests using (number)) as done,
			(select count(*) from jobs.dead_letters) as dead`
	type outcome struct{ Asked, Effects, Done, Dead int64 }
	var got outcome
	for limit := time.Now().Add(3 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		all, err := db.One[outcome](s.t.Context(), s.database, counts)
		over := time.Now().After(limit)
		if err != nil { // as of a connection that was open before Postgres was restarted
			if over {
				s.t.Fatal(err)
			}
			continue
		}
		if got = all; got.Done == got.Asked || over {
			break
		}
	}
	if want := (outcome{s.next.Load(), s.next.Load(), s.next.Load(), 0}); got != want {
		s.t.Fatalf("got %+v, want %+v", got, want)
	}
	s.t.Logf("%d requests, each with one effect", got.Asked)
}

func TestUnderLoadKilledProcessesLoseNoJobAndDoubleNone(t *testing.T) {
	s := newSoak(t, available(t), soakOptions(t))
	ctx, enough := context.WithCancel(t.Context())
	clients := s.load(ctx)
	random := rand.New(rand.NewPCG(1, 1))
	for range soakSize(8, 200) {
		s.reach(1 + random.Int64N(60))
		s.replace(random.IntN(len(s.processes)), syscall.SIGKILL)
	}
	s.reach(1)
	enough()
	clients.Wait()
	s.settle()
}

func TestUnderLoadARollingRestartLosesNoJobAndDoublesNone(t *testing.T) {
	s := newSoak(t, available(t), soakOptions(t))
	ctx, enough := context.WithCancel(t.Context())
	clients := s.load(ctx)
	for i := range soakSize(4, 40) {
		s.reach(60)
		s.replace(i%len(s.processes), syscall.SIGTERM)
	}
	enough()
	clients.Wait()
	s.settle()
}
