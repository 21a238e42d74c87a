package name

import "strings"

// appTaken are names that a folder or a command of the generated repository
// has already.
var appTaken = []string{"dev", "internal", "vendor", "testdata", "app", "main", "test", "config", "startkit"}

// rolesTaken are names that Postgres or its tools keep for a role or a database
// of their own: the application's role, and its database, have its name. A
// superuser's would see the rows of every tenant.
var rolesTaken = []string{"postgres", "public", "none", "template0", "template1"}

// packages are the packages of the generated repository and of its libraries
// that a domain's code or the composition root refers to by name.
var packages = []string{
	"a", "all", "api", "app", "archtest", "args", "asynq", "audit", "authz", "cache", "cfg", "clock", "config", "ctx", "cursor", "db", "dbtest", "dev", "devenv", "domains", "env", "err",
	"events", "goleak", "goose", "health", "httpx", "huma", "humago", "id", "idempotency", "identity", "internal", "jobs", "jobstest",
	"logging", "main", "miniredis", "money", "outbox", "page", "pgconn", "pgtype", "pgx", "pgxpool", "pgerrcode", "platform", "ratelimit",
	"crypto", "kek", "keyring", "keys", "redis", "river", "secret", "telemetry", "testdata", "uuid", "vendor", "vendors", "worker", "workspaces", "apikeys", "database", "queue",
}

// near are the names that stand in the composition root and in a domain's own
// tests: another thing of that name would hide the package of a domain. A test
// finds what is missing here.
var near = strings.Fields(`absent addresses applied at audited authenticate available bury c closer closers code command commands created diff
	dispatch domain entries every execute failed get got help history home httpxtest insert item launch launched leave list listed may migrate
	migration mine mux n name open other ours p path query reader role row rule rules run running schemas serve service sizes sleep somebody
	start statement subject t theirs version w want what who work working`)

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

// described are what the ready-made domains and the platform call what the API
// shows: two things of one name are told apart by nobody. A test finds what is missing
// here.
var described = []string{"amount", "dead_letter", "enrolment", "factor", "fault", "invitation", "key", "member", "problem", "role", "session", "user", "workspace"}

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
