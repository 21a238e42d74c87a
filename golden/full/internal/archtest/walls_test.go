package archtest

import (
	"path"
	"slices"
	"strings"
)

// huma is the library that only the routes of a domain know.
const huma = "github.com/danielgtaylor/huma/v2"

// wall is a rule about who may use what.
type wall struct {
	// why is the rule and its reason, fix is the way out.
	why string
	fix string

	// breaks says whether a use is on the wrong side.
	breaks func(use) bool
}

// walls are the rules that hold whatever the domains are. Of several that a use breaks, the first is reported.
func walls() []wall {
	return append(commonWalls(), domainWalls()...)
}

// commonWalls are about what the parts of the repository know of each other.
func commonWalls() []wall {
	return []wall{
		{
			why: "the platform knows nothing of what stands on it: a domain can be changed, or leave, without it",
			fix: "let the domain call the platform, or hand a function of the domain to the platform in internal/app",
			breaks: func(u use) bool {
				return u.in("internal/platform") && (u.of("internal/domains") || u.of("internal/app"))
			},
		},
		{
			why: "only a command knows internal/app, which knows all: who imports it depends on everything",
			fix: "take what is needed as an argument, and hand it in where internal/app opens it",
			breaks: func(u use) bool {
				return u.of("internal/app") && !u.in("internal/app") && !u.in("cmd")
			},
		},
		{
			why: "servers for tests and for one's own machine are started by tests and by cmd/dev only",
			fix: "use internal/devenv in a test, or in a package whose name ends in test",
			breaks: func(u use) bool {
				return u.of("internal/devenv") && !u.in("internal/devenv") && !u.in("cmd/dev") && !forTests(u)
			},
		},
		{
			why:    "the environment is read once, by internal/platform/config, so that all of it is checked at start and printed",
			fix:    "add a field to config.Config, and hand it in",
			breaks: readsEnvironment,
		},
		{
			why: "who sees the rows of every tenant stands in a list, so that a reviewer sees it grow",
			fix: "work in the tenant of the context; for what is done to all of them, add the file to acrossTenants",
			breaks: func(u use) bool {
				across := u.pkg == "internal/platform/db" && u.name == "AcrossTenants"
				return across && !u.test() && !slices.Contains(acrossTenants(), u.file)
			},
		},
		{
			why: "only the engine knows asynq, so that it can be replaced: Postgres holds the jobs",
			fix: "use internal/platform/jobs",
			breaks: func(u use) bool {
				return u.of("github.com/hibiken/asynq") && !u.in("internal/platform/jobs/asynqengine")
			},
		},
	}
}

// domainWalls are about what a domain may use.
func domainWalls() []wall {
	return []wall{
		{
			why: "of a domain only http.go and NAME_http.go know HTTP: its methods are called by others too",
			fix: "move it to http.go; return an error of the domain, and let http.go say which status it is",
			breaks: func(u use) bool {
				return inDomain(u) && !u.test() && !strings.HasSuffix("_"+path.Base(u.file), "_http.go") && ofHTTP(u)
			},
		},
		{
			why: "httpx.Register tells a fault, a deadline and a client that left apart; huma's own answers 500 to all three",
			fix: "call httpx.Register(api, operation, handler)",
			breaks: func(u use) bool {
				return inDomain(u) && u.pkg == huma && slices.Contains(registers(), u.name)
			},
		},
		{
			why: "a domain gets its transactions from internal/platform/db, which sets its role and its limits",
			fix: "take a *db.DB in New, and call its InTx or Read",
			breaks: func(u use) bool {
				return inDomain(u) && (u.pkg == "github.com/jackc/pgx/v5/pgxpool" || u.of("database/sql"))
			},
		},
		{
			why: "a domain uses the platform and no library of a vendor, so that a vendor can fail or be replaced in one place",
			fix: "put an interface in words of the domain before it, implement it outside of the domain, and hand it in",
			breaks: func(u use) bool {
				return inDomain(u) && !u.test() && foreign(u.pkg) && !slices.Contains(libraries(), u.pkg)
			},
		},
	}
}

// libraries are the modules of others that a domain may use.
func libraries() []string {
	return []string{
		huma,
		"github.com/jackc/pgx/v5",
		"golang.org/x/crypto/argon2",
		"golang.org/x/text/unicode/norm",
	}
}

// registers are the functions by which huma is given a route.
func registers() []string {
	return []string{"AutoRegister", "Delete", "Get", "Head", "Patch", "Post", "Put", "Register"}
}

func inDomain(u use) bool {
	return domainOf(u.file) != ""
}

func ofHTTP(u use) bool {
	return u.pkg == huma || u.pkg == "net/http" || u.of("internal/platform/httpx")
}

// foreign says whether a package is of another module: its path begins with the name of a host.
func foreign(pkg string) bool {
	first, _, _ := strings.Cut(pkg, "/")
	return strings.Contains(first, ".")
}

// forTests says whether the file is a test, or of a package that is imported by tests only.
func forTests(u use) bool {
	return u.test() || strings.HasSuffix(path.Dir(u.file), "test")
}

func readsEnvironment(u use) bool {
	reads := u.pkg == "os" && slices.Contains([]string{"Environ", "ExpandEnv", "Getenv", "LookupEnv"}, u.name)
	return reads && u.in("internal") && !u.in("internal/platform/config") && !u.in("internal/devenv") && !forTests(u)
}
