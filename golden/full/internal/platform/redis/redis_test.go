package redis_test

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"example.com/myapp/internal/platform/redis"
	"example.com/myapp/internal/platform/redis/redistest"
	"example.com/myapp/internal/platform/secret"
)

func TestAClientReadsWhatItWrote(t *testing.T) {
	client := redistest.New(t, 1)
	if err := client.Set(t.Context(), "greeting", "hello", time.Minute).Err(); err != nil {
		t.Fatal(err)
	}
	got, err := client.Get(t.Context(), "greeting").Result()
	if err != nil || got != "hello" {
		t.Errorf("got %q, %v", got, err)
	}
	if err := redis.Ping(client)(t.Context()); err != nil {
		t.Errorf("ping: %v", err)
	}
}

func TestOpenSucceedsWhileTheServerIsAway(t *testing.T) {
	client := open(t, "redis://"+refusing(t)+"/0")
	if err := redis.Ping(client)(t.Context()); err == nil {
		t.Error("ping of a server that is away succeeded")
	}
}

func TestACallEndsWithItsContext(t *testing.T) {
	client := redistest.New(t, 1)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	err := client.BLPop(ctx, 5*time.Second, "nothing").Err()
	if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v, want the end of the context, which comes before that of the command", err)
	}
}

func TestABadAddressIsRefusedWithoutQuotingIt(t *testing.T) {
	for _, address := range []string{
		"", "http://host", "redis://host:6379/zero", "redis://:hunter2@host:port", "redis://:hunter2/x@host", "redis://a:hunter2\x7f@host",
	} {
		_, err := redis.Open(redis.Options{URL: secret.New(address)})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: got error %v", address, err)
		}
	}
}

func TestRedissChecksTheCertificate(t *testing.T) {
	client := open(t, "rediss://:hunter2@redis.example.com:6380/3")
	options := client.Options()
	if options.TLSConfig == nil || options.TLSConfig.InsecureSkipVerify || options.TLSConfig.ServerName != "redis.example.com" {
		t.Errorf("TLS: %+v", options.TLSConfig)
	}
	if options.Addr != "redis.example.com:6380" || options.DB != 3 || options.Password != "hunter2" {
		t.Errorf("address %q, database %d", options.Addr, options.DB)
	}
}

func open(t *testing.T, address string) *redis.Client {
	t.Helper()
	client, err := redis.Open(redis.Options{URL: secret.New(address), Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// refusing returns an address where nobody listens.
func refusing(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return listener.Addr().String()
}
