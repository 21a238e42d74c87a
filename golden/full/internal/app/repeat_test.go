package app

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/httpx"
)

// runMain marks the process that is not the test but the program.
const runMain = "RUN_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(runMain) != "" {
		os.Exit(Main(context.Background(), Process{Args: os.Args[1:], Environ: os.Environ(), Stdout: os.Stdout, Stderr: os.Stderr}))
	}
	os.Exit(m.Run())
}

// startAsked starts the API as a process of its own, which can be killed, and asks it from here on.
func (s *askedApp) startAsked(environ []string) *exec.Cmd {
	s.t.Helper()
	program, err := os.Executable()
	if err != nil {
		s.t.Fatal(err)
	}
	cmd := exec.CommandContext(s.t.Context(), program, "serve")
	cmd.Env = append(environ, runMain+"=1")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		if _, addr, found := strings.Cut(lines.Text(), " server=api addr="); found {
			s.api = "http://" + addr
			go func() {
				for lines.Scan() {
					continue // so that the process never waits for who reads its log
				}
			}()
			return cmd
		}
	}
	s.t.Fatal("the process ended")
	return nil
}

// effects are how many entries the audit log has, and how many rows are listed.
func (s *askedApp) effects(who routeAsker, path string) [2]int {
	s.t.Helper()
	var entries int
	if err := s.conn.QueryRow(s.t.Context(), `select count(*) from audit.entries`).Scan(&entries); err != nil {
		s.t.Fatal(err)
	}
	var listed struct{ Items []any }
	if status, answer := s.ask(who, http.MethodGet, path, ""); status != http.StatusOK || json.Unmarshal(answer, &listed) != nil {
		s.t.Fatalf("%d %s", status, answer)
	}
	return [2]int{entries, len(listed.Items)}
}

func TestTwoHundredOfOneRequestHaveOneEffect(t *testing.T) {
	t.Parallel()
	s, owner := openAsked(t), routeAskers()[4]
	s.enter(owner)
	for path, body := range rowBodies() {
		owner.headers = map[string]string{"Idempotency-Key": path}
		before := s.effects(owner, path)
		var mu sync.Mutex
		answers := map[string]int{}
		var all sync.WaitGroup
		for range 200 {
			all.Go(func() {
				status, answer := s.ask(owner, http.MethodPost, path, fmt.Sprintf(body, "one"))
				if status == http.StatusConflict && strings.Contains(string(answer), "idempotency_in_progress") {
					answer = nil
				}
				mu.Lock()
				defer mu.Unlock()
				answers[string(answer)]++
			})
		}
		all.Wait()
		status, answer := s.ask(owner, http.MethodPost, path, fmt.Sprintf(body, "one"))
		if status != http.StatusCreated || answers[string(answer)] == 0 || answers[string(answer)]+answers[""] != 200 {
			t.Errorf("POST %s is answered %d %s, and before it was answered %v", path, status, answer, answers)
		}
		if status, answer := s.ask(owner, http.MethodPost, path, fmt.Sprintf(body, "another")); status != http.StatusUnprocessableEntity {
			t.Errorf("POST %s with another body is answered %d %s", path, status, answer)
		}
		after := s.effects(owner, path)
		if diff := cmp.Diff([2]int{before[0] + 1, before[1] + 1}, after); diff != "" {
			t.Errorf("POST %s: entries of the audit log, and rows (-want +got):\n%s", path, diff)
		}
	}
}

func TestARequestWhoseProcessIsKilledHasOneEffectWhenItComesAgain(t *testing.T) {
	t.Parallel()
	s, owner := openAsked(t), routeAskers()[4]
	s.enter(owner)
	const path = "/v1/workspaces"
	before := s.effects(owner, path)
	owner.headers = map[string]string{"Idempotency-Key": "killed"}
	environ := append(s.environ, "DATABASE_LOCK_TIMEOUT=1m", "DATABASE_STATEMENT_TIMEOUT=1m", "REQUEST_TIMEOUT=1m")
	process := s.startAsked(environ)

	// Its insert waits for this lock: the request is claimed and not finished.
	s.exec("begin; lock table workspaces.workspaces in share mode")
	cut := make(chan error, 1)
	go func() { _, _, err := s.send(owner, http.MethodPost, path, `{"name": "x"}`); cut <- err }()
	for waiting := 0; waiting == 0; time.Sleep(5 * time.Millisecond) {
		const look = `select count(*) from pg_locks where not granted and relation = 'workspaces.workspaces'::regclass`
		if err := s.conn.QueryRow(t.Context(), look).Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
	if err := process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := <-cut; err == nil {
		t.Error("the request was answered by a process that is dead")
	}
	_ = process.Wait() // killed
	s.exec("rollback")

	s.startAsked(environ)
	if status, answer := s.ask(owner, http.MethodPost, path, `{"name": "x"}`); status != http.StatusConflict {
		t.Errorf("while the lease of the dead one lasts, the request is answered %d %s", status, answer)
	}
	s.exec("update idempotency.keys set locked_until = now() - interval '1 second' where status is null")
	first, _ := s.ask(owner, http.MethodPost, path, `{"name": "x"}`)
	again, _ := s.ask(owner, http.MethodPost, path, `{"name": "x"}`)
	after := s.effects(owner, path)
	want := []int{http.StatusCreated, http.StatusCreated, before[0] + 1, before[1] + 1}
	if diff := cmp.Diff(want, []int{first, again, after[0], after[1]}); diff != "" {
		t.Errorf("answers, entries of the audit log, rows (-want +got):\n%s", diff)
	}
}

func TestTheDescriptionNamesTheKeyWhereOneIsTaken(t *testing.T) {
	t.Parallel()
	s := openAsked(t)
	_, answer := s.ask(routeAsker{}, http.MethodGet, "/openapi.json", "")
	type param struct{ Name string }
	var described struct {
		Paths map[string]map[string]struct{ Parameters []param }
	}
	if err := json.Unmarshal(answer, &described); err != nil {
		t.Fatal(err)
	}
	for _, op := range s.servedOps {
		named := slices.Contains(described.Paths[op.Path][strings.ToLower(op.Method)].Parameters, param{"Idempotency-Key"})
		if taken := op.Method != http.MethodGet && op.Access != httpx.Public; named != taken {
			t.Errorf("%s %s takes a key: %v, and is described to: %v", op.Method, op.Path, taken, named)
		}
	}
}
