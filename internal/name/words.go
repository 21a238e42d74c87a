package name

import "strings"

// appTaken are names that a folder or a command of the generated repository
// has already.
var appTaken = []string{"dev", "internal", "vendor", "testdata", "app", "main", "test", "config", "startkit"}

// packages are the packages of the generated repository and of its libraries
// that a domain's code or the composition root refers to by name.
var packages = []string{
	"a", "all", "api", "app", "archtest", "args", "asynq", "audit", "authz", "cache", "cfg", "config", "ctx", "cursor", "db", "dbtest", "dev", "devenv", "domains", "env", "err",
	"events", "goleak", "goose", "health", "httpx", "huma", "humago", "id", "idempotency", "identity", "internal", "jobs", "jobstest",
	"logging", "main", "miniredis", "money", "outbox", "page", "pgconn", "pgtype", "pgx", "pgxpool", "pgerrcode", "platform", "ratelimit",
	"crypto", "kek", "keyring", "keys", "redis", "river", "secret", "telemetry", "testdata", "uuid", "vendor", "vendors", "worker", "workspaces", "apikeys", "database", "queue",
}

// root are the names that stand in the composition root: another thing of that
// name would hide the package of a domain. A test finds what is missing here.
var root = strings.Fields(`addresses applied authenticate available bury closer closers command commands dispatch domain execute failed get help
	launch launched listed migrate migration mux name open ours p role rule rules run running schemas serve sleep version who work working`)

// predeclared are the predeclared identifiers of Go that read as names.
var predeclared = []string{
	"any", "append", "bool", "byte", "cap", "clear", "close", "comparable", "complex", "copy", "delete", "error", "false",
	"float", "imag", "int", "iota", "len", "make", "max", "min", "new", "nil", "panic", "print", "println", "real", "recover",
	"rune", "string", "true", "uint", "init", "uintptr", "int64", "int32", "float64", "uint8",
}

// standard are the packages of the standard library that a domain's code or the
// composition root imports, or is likely to one day, by their last element.
var standard = []string{
	"bytes", "cmp", "context", "embed", "errors", "fmt", "fs", "http", "httptest", "io", "iter", "json", "log", "maps", "net", "os",
	"rand", "signal", "slices", "slog", "sort", "sql", "strconv", "strings", "sync", "testing", "time", "url",
}

// entityTaken are names that the code of a domain gives to other things.
var entityTaken = []string{
	"service", "store", "schema", "migration", "migrations", "api", "ctx", "err", "tx", "req", "res", "request", "response", "body",
	"input", "output", "header", "version", "limit", "next", "name", "rows", "row", "item_list", "list", "create", "get", "update",
	"event", "job", "mux", "t", "s", "r", "w", "b", "in", "out", "kind", "problem", "etag", "status", "created", "updated", "deleted",
	"purge", "routes", "events", "jobs",
}

// sqlReserved are the reserved words of Postgres that cannot name a schema, a
// table or a column without quotes (appendix C of its manual).
var sqlReserved = strings.Fields(`
	all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column
	concurrently constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp
	current_user default deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having
	ilike in initially inner intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not
	notnull null offset on only or order outer overlaps placing primary references returning right select session_user similar
	some symmetric system_user table tablesample then to trailing true union unique user using variadic verbose when where window
	with public information_schema temp template0 template1 postgres platform`)

// reservedFile says whether Windows keeps a file name for a device.
func reservedFile(s string) bool {
	base, _, _ := strings.Cut(strings.ToLower(s), ".")
	switch base {
	case "con", "prn", "aux", "nul":
		return true
	}
	return len(base) == 4 && (strings.HasPrefix(base, "com") || strings.HasPrefix(base, "lpt")) && base[3] >= '1' && base[3] <= '9'
}
