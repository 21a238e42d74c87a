package proof

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience bounds every wait for a program that runs beside the test.
const patience = 2 * time.Minute

// program is a program that runs beside the test.
type program struct {
	cmd *exec.Cmd
	log *lockedBuffer
}

// lockedBuffer collects what a program prints.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// start starts a command; it is ended with the test, by its pid.
func start(t *testing.T, c command) *program {
	t.Helper()
	p := &program{exec.Command(c.name, c.args...), &lockedBuffer{}}
	p.cmd.Dir, p.cmd.Env = c.dir, c.env
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.cmd.ProcessState == nil {
			_ = p.cmd.Process.Signal(syscall.SIGTERM)
			_ = p.cmd.Wait()
		}
		if t.Failed() {
			t.Logf("%s printed:\n%s", c.name, p.log)
		}
	})
	return p
}

// until asks again and again until done says so.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !done(); {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// address is a free address on the loopback.
func address(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// answer is what a server said.
type answer struct {
	status int
	header http.Header
	body   map[string]any
}

// send sends a request and reads the answer; status 0 is no answer at all.
func send(t *testing.T, method, url, body string, header ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := (&http.Client{Timeout: 20 * time.Second}).Do(req)
	if err != nil {
		return answer{}
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	a := answer{status: res.StatusCode, header: res.Header}
	_ = json.Unmarshal(b, &a.body)
	return a
}

// want checks the status of an answer.
func (a answer) want(t *testing.T, what string, status int) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("%s: %d %v, want %d", what, a.status, a.body, status)
	}
	return a
}

// wire stands between a program and a server, and can be cut.
type wire struct {
	mu     sync.Mutex
	target string
	cut    bool
	open   map[net.Conn]bool
	addr   string
}

func newWire(t *testing.T, target string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{target: target, open: map[net.Conn]bool{}, addr: l.Addr().String()}
	t.Cleanup(func() { _ = l.Close(); w.set(true) })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(c)
		}
	}()
	return w
}

// carry joins a connection with one to the server, until one side ends.
func (w *wire) carry(c net.Conn) {
	defer c.Close()
	s, err := net.Dial("tcp", w.target)
	if err != nil {
		return
	}
	defer s.Close()
	w.mu.Lock()
	if w.cut {
		w.mu.Unlock()
		return
	}
	w.open[c], w.open[s] = true, true
	w.mu.Unlock()
	go func() { _, _ = io.Copy(s, c); _ = s.Close() }()
	_, _ = io.Copy(c, s)
}

// set cuts the wire, with every connection on it, or mends it.
func (w *wire) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	for c := range w.open {
		if cut {
			_ = c.Close()
			delete(w.open, c)
		}
	}
}

// servers reads the addresses that `make dev` printed.
func servers(t *testing.T, log string) (postgres, redis string) {
	t.Helper()
	for s := bufio.NewScanner(strings.NewReader(log)); s.Scan(); {
		name, rest, _ := strings.Cut(s.Text(), " ")
		url, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
		switch name {
		case "postgres":
			postgres = url
		case "redis":
			redis = url
		}
	}
	if postgres == "" || redis == "" {
		t.Fatalf("make dev did not say where its servers are:\n%s", log)
	}
	return postgres, redis
}

// host returns host:port of an address.
func host(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	if _, after, ok := strings.Cut(rest, "@"); ok {
		rest = after
	}
	rest, _, _ = strings.Cut(rest, "/")
	return rest
}

// dev makes a repository with a domain and runs `make dev` in it.
func dev(t *testing.T) (dir string, env []string, api string, p *program) {
	t.Helper()
	env = environ(t, t.TempDir())
	dir = t.TempDir()
	command{dir, env, startkit, []string{"new", "my-shop", "--module=example.com/shop", "--stack=pg,redis,asynq"}}.run(t)
	dir = filepath.Join(dir, "my-shop") // a hyphen is in no name of Postgres
	command{dir, env, startkit, []string{"add", "domain", "billing", "--entity", "invoice"}}.run(t)
	api = address(t)
	p = start(t, command{dir, append(env, "HTTP_ADDR="+api, "ADMIN_ADDR="+address(t)), "make", []string{"dev"}})
	until(t, "make dev serves", func() bool { return send(t, "GET", "http://"+api+"/readyz", "").status == 200 })
	return dir, env, api, p
}

func TestMakeDevServesADomainAndRunsItsJob(t *testing.T) {
	dir, _, api, p := dev(t)
	base := "http://" + api
	send(t, "GET", base+"/livez", "").want(t, "livez", 200)
	spec := send(t, "GET", base+"/openapi.json", "").want(t, "the OpenAPI document", 200)
	if v, _ := spec.body["openapi"].(string); !strings.HasPrefix(v, "3.1") {
		t.Errorf("OpenAPI %q", v)
	}
	invoices := base + "/v1/billing/invoices"
	send(t, "POST", invoices, `{"name":"first"}`).want(t, "create without signing in", 401)
	who := signIn(t, base, dir)
	as := func(header ...string) []string { return append(header, who...) }
	created := send(t, "POST", invoices, `{"name":"first"}`, as()...).want(t, "create", 201)
	one := base + created.header.Get("Location")
	etag := send(t, "GET", one, "", as()...).want(t, "read", 200).header.Get("ETag")
	send(t, "PUT", one, `{"name":"changed"}`, as("If-Match", etag)...).want(t, "update", 200)
	stale := send(t, "PUT", one, `{"name":"late"}`, as("If-Match", etag)...).want(t, "update with an old version", 412)
	if stale.header.Get("Content-Type") != "application/problem+json" || stale.body["request_id"] == "" {
		t.Errorf("not a problem: %v", stale)
	}
	list := send(t, "GET", invoices+"?limit=1", "", as()...).want(t, "list", 200)
	if items, _ := list.body["items"].([]any); len(items) != 1 {
		t.Errorf("list: %v", list.body)
	}
	send(t, "DELETE", one, "", as()...).want(t, "delete", 204)
	send(t, "GET", one, "", as()...).want(t, "read what was deleted", 404)

	postgres, _ := servers(t, p.log.String())
	owner := func(q string) string {
		out, err := command{".", os.Environ(), "psql", []string{"-qXAt", postgres, "-c", q}}.try()
		if err != nil {
			t.Fatalf("%s: %v\n%s", q, err, out)
		}
		return strings.TrimSpace(out)
	}
	sql := func(q string) string { return owner("set role my_shop_across_tenants; " + q) }
	if n := sql("select count(*) from billing.invoices"); n != "1" {
		t.Fatalf("%s rows before the job", n)
	}
	owner("update jobs.jobs set run_at = now()")
	until(t, "the worker purges what was deleted", func() bool { return sql("select count(*) from billing.invoices") == "0" })
	if n := owner("select count(*) from jobs.jobs"); n != "0" {
		t.Errorf("%s jobs are left", n)
	}
}

func TestTheProgramOutlivesItsServersAndStopsWithoutLosingRequests(t *testing.T) {
	dir, env, _, p := dev(t)
	postgres, redis := servers(t, p.log.String())
	toPostgres, toRedis := newWire(t, host(postgres)), newWire(t, host(redis))
	api := address(t)
	second := start(t, command{dir, append(env, "HTTP_ADDR="+api, "ADMIN_ADDR="+address(t), "DRAIN_DELAY=1s", "RATE_LIMIT=0",
		"DATABASE_URL="+strings.Replace(postgres, host(postgres), toPostgres.addr, 1),
		"REDIS_URL="+strings.Replace(redis, host(redis), toRedis.addr, 1)), "bin/my-shop", []string{"all"}})
	base := "http://" + api
	ready := func() answer { return send(t, "GET", base+"/readyz", "") }
	is := func(status int, text string) func() bool {
		return func() bool { a := ready(); return a.status == status && a.body["status"] == text }
	}
	until(t, "the program is ready", is(200, "ok"))
	who := signIn(t, base, dir)

	toRedis.set(true)
	until(t, "it says that it is degraded without Redis", is(200, "degraded"))
	created := send(t, "POST", base+"/v1/billing/invoices", `{"name":"without Redis"}`, who...).want(t, "create without Redis", 201)
	send(t, "DELETE", base+created.header.Get("Location"), "", who...).want(t, "delete, with its job, without Redis", 204)
	toRedis.set(false)
	until(t, "Redis is back", is(200, "ok"))

	toPostgres.set(true)
	until(t, "it says that it is unavailable without Postgres", is(503, "unavailable"))
	send(t, "GET", base+"/livez", "").want(t, "livez without Postgres", 200)
	if a := send(t, "GET", base+"/v1/billing/invoices", "", who...); a.status < 500 {
		t.Errorf("a list without Postgres: %d", a.status)
	}
	toPostgres.set(false)
	until(t, "Postgres is back", is(200, "ok"))
	send(t, "GET", base+"/v1/billing/invoices", "", who...).want(t, "list after Postgres came back", 200)

	stopUnderLoad(t, second, base, who)
}

// stopUnderLoad sends requests from eight clients, as a load balancer would:
// to a process as long as it says that it is ready. It stops the program
// meanwhile. No request that was sent may fail.
func stopUnderLoad(t *testing.T, p *program, base string, who []string) {
	t.Helper()
	var mu sync.Mutex
	var failed []string
	served, draining := 0, make(chan struct{})
	var clients sync.WaitGroup
	for i := range 8 {
		clients.Go(func() {
			client := &http.Client{Transport: &http.Transport{}, Timeout: 20 * time.Second}
			for n := 0; ; n++ {
				select {
				case <-draining:
					return
				default:
				}
				body := strings.NewReader(fmt.Sprintf(`{"name":"client %d request %d"}`, i, n))
				req, err := http.NewRequestWithContext(t.Context(), "POST", base+"/v1/billing/invoices", body)
				if err != nil {
					panic(err) // the address is ours
				}
				req.Header.Set("Content-Type", "application/json")
				for i := 0; i < len(who); i += 2 {
					req.Header.Set(who[i], who[i+1])
				}
				res, err := client.Do(req)
				mu.Lock()
				if err != nil {
					failed = append(failed, err.Error())
				} else if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != http.StatusCreated {
					failed = append(failed, fmt.Sprint(res.StatusCode, err))
				}
				served++
				mu.Unlock()
				if res != nil {
					_ = res.Body.Close()
				}
			}
		})
	}
	until(t, "the load is on", func() bool { mu.Lock(); defer mu.Unlock(); return served > 200 })
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	until(t, "it says that it drains", func() bool { return send(t, "GET", base+"/readyz", "").status == 503 })
	close(draining)
	clients.Wait()
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	if len(failed) > 0 {
		t.Errorf("%d of %d requests failed, the first with %s", len(failed), served, failed[0])
	}
	t.Logf("%d requests were served while it stopped", served)
}
