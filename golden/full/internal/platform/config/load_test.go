package config

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// working returns an environment that can be used, with some variables changed.
func working(changes ...string) []string {
	return append([]string{
		"PATH=/usr/bin:/bin",
		"DATABASE_URL=postgres://app:canary@127.0.0.1:5432/app",
		"CRYPTO_KEYS=dev:gJ2Vd0cSaXsU1y3qvT8mZr5nLw7bKe9hPf4oYtRxQ6A=",
		"REDIS_URL=redis://:canary@127.0.0.1:6379/0",
	}, changes...)
}

// problems returns what is wrong with an environment that works but for the changes.
func problems(t *testing.T, changes ...string) map[string]string {
	t.Helper()
	_, err := Load(working(changes...))
	var found Problems
	if err != nil && !errors.As(err, &found) {
		t.Fatalf("error is %v, want Problems", err)
	}
	texts := make(map[string]string)
	for _, problem := range found {
		texts[problem.Name] = problem.Text
	}
	return texts
}

func TestWhatIsNotSetHasItsDefault(t *testing.T) {
	c, err := Load(working("LOG_LEVEL="))
	if err != nil {
		t.Fatal(err)
	}
	if c.AppEnv != "development" || c.HTTPAddr != "127.0.0.1:8080" || c.RequestTimeout != 10*time.Second || c.LogLevel != "info" {
		t.Errorf("defaults are %+v", c)
	}
	if c.Production() {
		t.Error("the default is production")
	}
}

func TestEveryProblemIsReportedAtOnce(t *testing.T) {
	got := problems(t, "APP_ENV=prod", "HTTP_ADDR=8080", "ADMIN_ADDR=localhost:http", "LOG_LEVEL=loud", "REQUEST_TIMEOUT=10",
		"MAX_IN_FLIGHT=many", "MAX_BODY_BYTES=0", "DRAIN_DELAY=-1s", "SHUTDOWN_TIMEOUT=0s")
	want := map[string]string{
		"APP_ENV":          "is neither development nor production",
		"HTTP_ADDR":        "is not an address to listen at; expected host:port, such as 127.0.0.1:8080",
		"ADMIN_ADDR":       "is not an address to listen at; expected host:port, such as 127.0.0.1:8081",
		"LOG_LEVEL":        "is none of debug, info, warn and error",
		"REQUEST_TIMEOUT":  "is not a duration; expected a number with a unit, such as 500ms, 10s or 2m",
		"MAX_IN_FLIGHT":    "is not a whole number",
		"MAX_BODY_BYTES":   "must be at least 1",
		"DRAIN_DELAY":      "must not be negative",
		"SHUTDOWN_TIMEOUT": "must be more than 0s",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestProblemsStandInTheOrderOfConfig(t *testing.T) {
	_, err := Load(working("SHUTDOWN_TIMEOUT=x", "APP_ENV=prod", "MAX_IN_FLIGHT=0"))
	const want = `the environment cannot be used
    APP_ENV is neither development nor production
    MAX_IN_FLIGHT must be at least 1
    SHUTDOWN_TIMEOUT is not a duration; expected a number with a unit, such as 500ms, 10s or 2m`
	if err == nil || err.Error() != want {
		t.Errorf("error is\n%v\nwant\n%s", err, want)
	}
}

func TestProductionHidesItsAdminServer(t *testing.T) {
	for addr, refused := range map[string]bool{
		":8081": true, "0.0.0.0:8081": true, "[::]:8081": true, "8.8.8.8:8081": true,
		"127.0.0.1:8081": false, "[::1]:8081": false, "10.0.0.7:8081": false, "localhost:8081": false, "pod.internal:8081": false,
	} {
		if _, found := problems(t, "APP_ENV=production", "ADMIN_ADDR="+addr)["ADMIN_ADDR"]; found != refused {
			t.Errorf("ADMIN_ADDR=%s in production: refused is %v, want %v", addr, found, refused)
		}
		if got := problems(t, "ADMIN_ADDR="+addr); len(got) > 0 {
			t.Errorf("ADMIN_ADDR=%s in development is refused: %v", addr, got)
		}
	}
}

func TestTwoServersNeedTwoAddresses(t *testing.T) {
	if got := problems(t, "ADMIN_ADDR=127.0.0.1:8080"); got["ADMIN_ADDR"] != "is the same as HTTP_ADDR" {
		t.Errorf("problems are %v", got)
	}
	if got := problems(t, "ADMIN_ADDR=127.0.0.1:0", "HTTP_ADDR=127.0.0.1:0"); len(got) > 0 {
		t.Errorf("two free ports are refused: %v", got)
	}
}

func TestAValueMayStandInAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "level")
	if err := os.WriteFile(path, []byte("debug\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(working("LOG_LEVEL_FILE=" + path))
	if err != nil || c.LogLevel != "debug" {
		t.Errorf("LOG_LEVEL is %q, %v, want debug", c.LogLevel, err)
	}
	if got := problems(t, "LOG_LEVEL_FILE="+path, "LOG_LEVEL=info"); got["LOG_LEVEL"] != "is set twice; keep it or LOG_LEVEL_FILE" {
		t.Errorf("problems are %v", got)
	}
	if got := problems(t, "LOG_LEVEL_FILE="+path+".missing"); len(got) != 1 || got["LOG_LEVEL_FILE"] == "" {
		t.Errorf("problems are %v", got)
	}
}

func TestEveryVariableHasARow(t *testing.T) {
	_, rows, err := LoadRows(working("LOG_LEVEL=debug"))
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for field := range reflect.TypeFor[Config]().Fields() {
		want = append(want, field.Tag.Get("env"))
	}
	for _, row := range rows {
		got = append(got, row.Name)
		if isDefault := row.Source == "default"; row.Name == "LOG_LEVEL" && isDefault || row.Name == "APP_ENV" && !isDefault {
			t.Errorf("the source of %s is %s", row.Name, row.Source)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("variables of Config and names of Rows:\n%s", diff)
	}
}

func TestAFieldOfAnotherTypeIsRefused(t *testing.T) {
	var ratio float64
	if _, err := set(&ratio, "0.5"); err == nil {
		t.Error("it was read")
	}
}
