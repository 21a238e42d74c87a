package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"example.com/myapp/internal/domains/apikeys"
	"example.com/myapp/internal/domains/billing"
	"example.com/myapp/internal/platform/cache"
	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/platform/crypto"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/health"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/idempotency"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/ratelimit"
	"example.com/myapp/internal/platform/redis"
)

// domain is what the process asks of each of its domains.
type domain interface {
	// Routes adds the operations of the domain to the API.
	Routes(api *httpx.API)

	// Jobs adds the handlers of the domain's jobs.
	Jobs(mux *jobs.Mux)
}

// role is what one process does. Whatever its role, it reports its health.
type role struct {
	// api says that it serves the API.
	api bool

	// jobs says that it runs jobs.
	jobs bool
}

// App is a process that is open: everything in it runs.
type App struct {
	cfg    config.Config
	log    *slog.Logger
	health *health.Health

	// api is how the API is served: its limits, and what features add to them.
	api httpx.Options

	// servedOps are the operations of the API, once it is served.
	servedOps []httpx.Operation

	// closers are what close must close, in the order of opening.
	closers []closer

	// cacheStore is where domains remember what they have read.
	cacheStore *cache.Store

	// jobsDesk is for our own people.
	jobsDesk jobsDesk

	// operationsDesk tells clients what became of what they began.
	operationsDesk operationsDesk

	// failed receives the error of a server that ended by itself.
	failed chan error

	// sleep is time.Sleep, except in tests.
	sleep func(time.Duration)
}

// open opens what a process of that role needs, each thing after those that it uses. If one cannot be opened, those before
// it are closed again.
func open(ctx context.Context, cfg config.Config, log *slog.Logger, role role) (_ *App, err error) {
	a := newApp(cfg, log)
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close(ctx))
		}
	}()

	database, err := db.Open(ctx, databaseOptions(cfg))
	if err != nil {
		return nil, err
	}
	a.onClose("postgres", func(context.Context) error { database.Close(); return nil })
	a.health.Hard("postgres", database.Ping)

	a.api.Denied = newRefusalLog(database, log).recordRefusal

	keys := crypto.New(database, cfg.Keyring())
	a.health.Hard("crypto", keys.Ready)

	redisClient, err := redis.Open(redis.Options{URL: cfg.RedisURL, Timeout: cfg.RedisTimeout})
	if err != nil {
		return nil, err
	}
	a.onClose("redis", func(context.Context) error { return redisClient.Close() })
	a.health.Soft("redis", redis.Ping(redisClient))

	trustedProxies, _ := cfg.Proxies() // they were checked
	rateLimits := ratelimit.New(ratelimit.Options{PerSecond: cfg.RateLimit, Proxies: trustedProxies})
	a.api.Around = append(a.api.Around, rateLimits.Handler)

	a.cacheStore = cache.Open(redisClient, log)

	rateLimits.Share(redisClient)

	a.api.Around = append(a.api.Around, jobs.NewAdmission(database, cfg.JobsAdmitAge).Handler)

	a.api.Around = append(a.api.Around, idempotency.Handler(database, cfg.RequestTimeout))
	a.api.Headers = append(a.api.Headers, idempotency.Header())

	a.jobsDesk = jobsDesk{database}

	a.operationsDesk = operationsDesk{database}

	var domains []domain
	mailSender, err := openMail(cfg)
	if err != nil {
		return nil, err
	}
	frontDoor := newSignIn(cfg, database, mailSender, rateLimits)
	a.api.Authenticate = frontDoor.authenticate
	identityService := frontDoor.userService
	domains = append(domains, identityService)
	if identityService.Provider, err = openProvider(cfg, log); err != nil {
		return nil, err
	}
	frontDoor.knownPrincipals = cache.NewPrincipals(a.cacheStore, version())
	frontDoor.findPrincipal = rememberSessions(frontDoor.knownPrincipals, identityService.Token, frontDoor.askPostgres)
	identityService.Changing = frontDoor.knownPrincipals.Changing
	identityService.Keys, identityService.Issuer = keys, name
	frontDoor.spaceService = openWorkspaces(cfg, database, frontDoor, func() []domain { return domains })
	domains = append(domains, frontDoor.spaceService)
	frontDoor.keyService = apikeys.New(database, apikeys.Options{Keys: keys, Live: cfg.Production(), Changed: frontDoor.rightsChanged})
	domains = append(domains, frontDoor.keyService)
	frontDoor.spaceService.Changing = frontDoor.knownPrincipals.Changing
	domains = append(domains, billing.New(database))

	if err := a.serveAdmin(ctx); err != nil {
		return nil, err
	}
	if err := a.work(ctx, role, database, redisClient, domains); err != nil {
		return nil, err
	}
	if role.api {
		if err := a.serveAPI(ctx, domains); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// newApp returns an App in which nothing is open yet.
func newApp(cfg config.Config, log *slog.Logger) *App {
	a := &App{cfg: cfg, log: log, health: health.New(log), failed: make(chan error, 1), sleep: time.Sleep}
	a.api = httpx.Options{
		Name:           name,
		Version:        version(),
		RequestTimeout: cfg.RequestTimeout,
		MaxInFlight:    cfg.MaxInFlight,
		MaxBodyBytes:   int64(cfg.MaxBodyBytes),
		HSTS:           cfg.Production(),
		Draining:       a.health.Draining,
		Log:            log,
	}
	return a
}
