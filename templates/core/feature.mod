// Core is what every repository has: one binary with its roles, configuration,
// logs, an HTTP server that bounds what it takes on, health, shutdown in order,
// the walls between packages as tests, and the files that a team works with.
feature core
summary "one binary, its roles, configuration, logs, HTTP server, health and shutdown"

env (
	// development or production. Production refuses what is only safe on one's own machine, and logs JSON.
	APP_ENV development
	// Where the API listens, as host:port. An empty host means every interface; port 0 takes a free one.
	HTTP_ADDR "127.0.0.1:8080"
	// Where health and profiles are served, as host:port. Not for the public: a profile shows memory.
	ADMIN_ADDR "127.0.0.1:8081"
	// The least level that is logged: debug, info, warn or error.
	LOG_LEVEL info
	// How long a request may take before it is answered with 504. Zero is refused.
	REQUEST_TIMEOUT 10s
	// How many requests are served at once; those above it are answered with 503. Zero is refused.
	MAX_IN_FLIGHT 512
	// The largest body of a request, in bytes; a larger one is answered with 413. Zero is refused.
	MAX_BODY_BYTES 1048576
	// How long the process serves on after it reported that it is not ready, so that load balancers see it.
	// Zero stops at once.
	DRAIN_DELAY 0s
	// How long what runs may take to end once the process stops. Zero is refused.
	SHUTDOWN_TIMEOUT 20s
)

require (
	github.com/danielgtaylor/huma/v2 v2.37.2
	github.com/google/go-cmp v0.7.0
)
