package devenv

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"
)

// version is the Postgres that is downloaded; the one of compose.yaml.
const version = embeddedpostgres.V17

// embedded returns the path of initdb of a Postgres that was downloaded into the cache of the user, by this call if need be.
// It is only a source of programs, which are run like those of an installed one, so that it cannot outlive us either.
func embedded() (string, error) {
	if os.Geteuid() == 0 {
		return "", errors.New("as root none is downloaded, because Postgres refuses to run as root")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return download(filepath.Join(cache, app), embeddedpostgres.DefaultConfig().Version(version))
}

// download fetches what config says into the folder cache, once for all processes.
func download(cache string, config embeddedpostgres.Config) (string, error) {
	home := filepath.Join(cache, "postgres-"+string(version))
	initdb := filepath.Join(home, "bin", "initdb")
	if isFile(initdb) {
		return initdb, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	lock, err := lockFile(filepath.Join(cache, "lock"), 0)
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if isFile(initdb) {
		return initdb, nil
	}

	temp, err := os.MkdirTemp(cache, "download-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(temp)
	port, err := freePort()
	if err != nil {
		return "", err
	}
	// The library has no way to fetch but to start. What it fetched gets its name when it has run, so that a download which was
	// cut off is never taken for a Postgres.
	postgres := embeddedpostgres.NewDatabase(config.
		Port(uint32(port)).
		CachePath(filepath.Join(temp, "archive")).
		BinariesPath(filepath.Join(temp, "programs")).
		RuntimePath(filepath.Join(temp, "run")).
		DataPath(filepath.Join(temp, "data")).
		Logger(io.Discard))
	if err := postgres.Start(); err != nil {
		return "", fmt.Errorf("download Postgres: %w", err)
	}
	if err := postgres.Stop(); err != nil {
		return "", fmt.Errorf("stop the downloaded Postgres: %w", err)
	}
	return initdb, os.Rename(filepath.Join(temp, "programs"), home)
}
