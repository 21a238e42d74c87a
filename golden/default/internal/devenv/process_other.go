//go:build !unix

package devenv

import (
	"context"
	"errors"
	"os"
)

var errNoUnix = errors.New("servers are started on Unix alone; use WSL, or set the addresses of servers that run in the environment")

type folder struct {
	path      string
	temporary bool
}

type process struct{}

func openFolder(_, _ string) (*folder, error) { return nil, errNoUnix }

func (f *folder) close() error { return nil }

func start(_ *folder, _, _ string, _ ...string) (*process, error) { return nil, errNoUnix }

func (p *process) await(context.Context, func(context.Context) error) error { return errNoUnix }

func (p *process) stop() error { return nil }

func lockFile(_ string, _ int) (*os.File, error) { return nil, errNoUnix }
