package app

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"example.com/myapp/internal/platform/config"
)

// healthTimeout is less than what container platforms give a health check.
const healthTimeout = 2 * time.Second

// askHealth asks the process that runs with the same environment whether it is ready. An image without a shell or curl has
// its health check in this.
func askHealth(ctx context.Context, p Process) error {
	cfg, err := config.Load(p.Environ)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+cfg.AdminAddr+"/readyz", nil)
	if err != nil {
		return fmt.Errorf("ask for health: %w", err)
	}
	response, err := (&http.Client{Timeout: healthTimeout}).Do(request)
	if err != nil {
		return fmt.Errorf("ask for health: %w", err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(p.Stdout, io.LimitReader(response.Body, 1<<20)); err != nil {
		return fmt.Errorf("ask for health: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: %s", response.Status)
	}
	return nil
}
