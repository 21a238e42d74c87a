package config

import (
	"fmt"
	"strings"
	"testing"
)

func TestADatabaseIsNeeded(t *testing.T) {
	got := problems(t, "DATABASE_URL=", "DATABASE_MAX_CONNS=0", "DATABASE_STATEMENT_TIMEOUT=0s", "DATABASE_LOCK_TIMEOUT=0s")
	for _, name := range []string{"DATABASE_URL", "DATABASE_MAX_CONNS", "DATABASE_STATEMENT_TIMEOUT", "DATABASE_LOCK_TIMEOUT"} {
		if got[name] == "" {
			t.Errorf("%s is not refused", name)
		}
	}
}

func TestProductionDemandsTLSToADatabaseElsewhere(t *testing.T) {
	for dsn, refused := range map[string]bool{
		"postgres://u:p@db.example.com/app?sslmode=disable":     true,
		"postgres://u:p@db.example.com/app?sslmode=prefer":      true,
		"postgres://u:p@db.example.com/app":                     true,
		"postgres://u:p@10.0.0.5/app?sslmode=disable":           true,
		"postgres:///app?host=db.example.com&sslmode=disable":   true,
		"postgres://u:p@db.example.com/app?sslmode=require":     false,
		"postgres://u:p@db.example.com/app?sslmode=verify-full": false,
		"postgres://u:p@127.0.0.1/app?sslmode=disable":          false,
		"postgres://u:p@[::1]/app?sslmode=disable":              false,
		"postgres:///app?host=/var/run/postgresql":              false,
	} {
		for _, name := range []string{"DATABASE_URL", "MIGRATE_DATABASE_URL"} {
			if _, found := problems(t, "APP_ENV=production", name+"="+dsn)[name]; found != refused {
				t.Errorf("%s=%s in production: refused is %v, want %v", name, dsn, found, refused)
			}
			if got := problems(t, name+"="+dsn); len(got) > 0 {
				t.Errorf("%s=%s in development is refused: %v", name, dsn, got)
			}
		}
	}
}

func TestNothingThatIsPrintedHoldsAPassword(t *testing.T) {
	for _, dsn := range []string{
		"postgres://app:canary@127.0.0.1:5432/app", "postgres://app:canary@%zz/app", "mysql://app:canary@host/app",
		"host=db password=canary", "postgres://app:canary@host:port/app",
	} {
		environ := working("DATABASE_URL=" + dsn)
		c, rows, err := LoadRows(environ)
		printed := fmt.Sprintf("%v %+v %#v %v", err, c, c, rows)
		if strings.Contains(printed, "canary") {
			t.Errorf("the password is printed: %s", printed)
		}
	}
}
