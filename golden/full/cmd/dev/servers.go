package main

import (
	"context"
	"errors"
	"path/filepath"
	"slices"

	"example.com/myapp/internal/devenv"
)

// servers are those that were started here.
type servers struct {
	// folder keeps their data between two runs.
	folder string

	started []*devenv.Server
}

// need is a server that the app needs.
type need struct {
	name     string
	variable string
	start    func(ctx context.Context, dir string) (*devenv.Server, error)
}

// provide starts the server and puts its address into env, unless there is one.
func (s *servers) provide(ctx context.Context, env environment, n need) error {
	for _, variable := range []string{n.variable, n.variable + "_FILE"} {
		if env[variable] != "" {
			say(n.name, "as "+variable+" says")
			return nil
		}
	}
	dir, err := filepath.Abs(filepath.Join(s.folder, n.name))
	if err != nil {
		return err
	}
	server, err := n.start(ctx, dir)
	if err != nil {
		return err
	}
	s.started = append(s.started, server)
	env[n.variable] = server.URL
	say(n.name, server.URL+"  ("+server.Name+")")
	return nil
}

// stop ends what was started, the last one first.
func (s *servers) stop() error {
	var errs []error
	for _, server := range slices.Backward(s.started) {
		errs = append(errs, server.Stop())
	}
	return errors.Join(errs...)
}
