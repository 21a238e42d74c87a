package config

import (
	"log/slog"
	"net"
	"strconv"
	"strings"
)

// The values of APP_ENV.
const (
	development = "development"
	production  = "production"
)

// atLeast1 and positive are what limits are refused with.
const (
	atLeast1 = "must be at least 1"
	positive = "must be more than 0s"
)

// Production says whether the process serves customers.
func (c Config) Production() bool {
	return c.AppEnv == production
}

// Level is LogLevel as log/slog wants it.
func (c Config) Level() slog.Level {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel)) // check refused what is none
	return level
}

// check refuses what the core of the process cannot run with.
func (c Config) check(f *Problems) {
	f.unless(c.AppEnv == development || c.AppEnv == production, "APP_ENV", "is neither development nor production")
	f.unless(isAddr(c.HTTPAddr), "HTTP_ADDR", "is not an address to listen at; expected host:port, such as 127.0.0.1:8080")
	f.unless(isAddr(c.AdminAddr), "ADMIN_ADDR", "is not an address to listen at; expected host:port, such as 127.0.0.1:8081")
	f.unless(c.AdminAddr != c.HTTPAddr || strings.HasSuffix(c.AdminAddr, ":0"), "ADMIN_ADDR", "is the same as HTTP_ADDR")
	f.unless(!c.Production() || !public(c.AdminAddr), "ADMIN_ADDR",
		"can be reached from outside, and profiles show memory; in production expected a loopback or private address")

	var level slog.Level
	f.unless(level.UnmarshalText([]byte(c.LogLevel)) == nil, "LOG_LEVEL", "is none of debug, info, warn and error")
	f.unless(c.RequestTimeout > 0, "REQUEST_TIMEOUT", positive)
	f.unless(c.MaxInFlight >= 1, "MAX_IN_FLIGHT", atLeast1)
	f.unless(c.MaxBodyBytes >= 1, "MAX_BODY_BYTES", atLeast1)
	f.unless(c.DrainDelay >= 0, "DRAIN_DELAY", "must not be negative")
	f.unless(c.ShutdownTimeout > 0, "SHUTDOWN_TIMEOUT", positive)
}

// isAddr says whether addr is host:port with a port by number.
func isAddr(addr string) bool {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

// public says whether one who is not on the host or its private network could reach addr.
func public(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	ip := net.ParseIP(host) // of a name we cannot know; no host is every interface
	return err == nil && (host == "" || ip != nil && !ip.IsLoopback() && !ip.IsPrivate())
}

// isLocal says whether host is this machine: by its loopback, or as the path of a socket.
func isLocal(host string) bool {
	return host == "localhost" || strings.HasPrefix(host, "/") || net.ParseIP(host).IsLoopback()
}
