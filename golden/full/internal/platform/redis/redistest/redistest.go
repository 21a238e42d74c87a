// Package redistest gives tests a Redis: the one that TEST_REDIS_URL names, else one started for the test.
package redistest

import (
	"net/url"
	"os"
	"strconv"
	"testing"

	"example.com/myapp/internal/devenv"
	"example.com/myapp/internal/platform/redis"
	"example.com/myapp/internal/platform/secret"
)

// New returns a client of an empty database, closed at the end of the test. Packages are tested side by side, so on the
// server of TEST_REDIS_URL each package takes a database number of its own.
func New(t testing.TB, number int) *redis.Client {
	t.Helper()
	client, err := redis.Open(redis.Options{URL: URL(t, number)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := client.FlushDB(t.Context()).Err(); err != nil {
		t.Fatalf("empty the database of the test: %v", err)
	}
	return client
}

// URL returns the address of the database that New would open.
func URL(t testing.TB, number int) secret.String {
	t.Helper()
	address := os.Getenv("TEST_REDIS_URL")
	if address == "" {
		return secret.New(private(t))
	}
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal("TEST_REDIS_URL is not a URL")
	}
	parsed.Path = "/" + strconv.Itoa(number)
	return secret.New(parsed.String())
}

// private starts a server for this test alone and returns its address.
func private(t testing.TB) string {
	t.Helper()
	server, err := devenv.Redis(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server.URL
}
