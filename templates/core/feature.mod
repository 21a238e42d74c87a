// Core is what every repository has: one binary with its roles, configuration,
// logs, an HTTP server that bounds what it takes on, health, shutdown in order,
// the walls between packages as tests, and the files that a team works with.
feature core
summary "one binary, its roles, configuration, logs, HTTP server, health and shutdown"

env (
	// Where the program runs. In production it refuses settings that are
	// only safe on one's own machine.
	APP_ENV "development"
	// Where the API is served.
	HTTP_ADDR "127.0.0.1:8080"
	// Where health and profiles are served; never open to the internet.
	ADMIN_ADDR "127.0.0.1:8081"
	// The least level of the log: debug, info, warn or error.
	LOG_LEVEL "info"
	// How long a request may take before it ends with 504.
	REQUEST_TIMEOUT 10s
	// How many requests are served at once; more get 503 and Retry-After.
	MAX_IN_FLIGHT 512
	// The largest body of a request, in bytes; more get 413.
	MAX_BODY_BYTES 1048576
	// How long the program goes on serving after it says that it is not
	// ready, so that a load balancer takes notice. Zero for none.
	DRAIN_DELAY 0s
	// How long open requests and jobs may take to end at shutdown.
	SHUTDOWN_TIMEOUT 20s
)

require (
	github.com/caarlos0/env/v11 v11.4.2
	github.com/danielgtaylor/huma/v2 v2.37.2
	github.com/google/go-cmp v0.7.0
)
