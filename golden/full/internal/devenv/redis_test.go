package devenv

import (
	"bufio"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// ask sends one command to the Redis at the address, and returns the first line of its answer.
func ask(t *testing.T, address, command string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.DialTimeout("tcp", u.Host, time.Second)
	if err != nil {
		return err.Error()
	}
	defer conn.Close()
	words := strings.Fields(command)
	fmt.Fprintf(conn, "*%d\r\n", len(words))
	for _, word := range words {
		fmt.Fprintf(conn, "$%d\r\n%s\r\n", len(word), word)
	}
	answer := bufio.NewScanner(conn)
	answer.Scan()
	return answer.Text()
}

func TestTemporaryRedisLeavesNothing(t *testing.T) {
	t.Parallel()
	server, err := Redis(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	if got := ask(t, server.URL, "SET a b"); got != "+OK" {
		t.Errorf("got %s", got)
	}
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
	if isFile(server.Dir) {
		t.Errorf("%s is left", server.Dir)
	}
}

func TestKeptRedisHasItsDataTheNextTime(t *testing.T) {
	t.Parallel()
	dir := kept(t)
	for _, want := range []string{":1", ":2"} {
		server, err := Redis(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		if server.Name == inMemory { // on this machine no Redis is installed
			want = ":1"
		}
		if diff := cmp.Diff(want, ask(t, server.URL, "INCR runs")); diff != "" {
			t.Errorf("runs (-want +got):\n%s", diff)
		}
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	}
}

func TestRedisInMemoryEndsToo(t *testing.T) {
	t.Parallel()
	server, err := memoryRedis()
	if err != nil {
		t.Fatal(err)
	}
	if got := ask(t, server.URL, "SET a b"); got != "+OK" {
		t.Errorf("got %s", got)
	}
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
	if got := ask(t, server.URL, "PING"); got == "+PONG" {
		t.Error("it still answers")
	}
}
