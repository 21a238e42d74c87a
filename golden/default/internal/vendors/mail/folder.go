package mail

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// folder is the Sender for one's own machine: each message becomes a file that any mail program opens.
type folder struct {
	path string
	from string
}

// Send implements Sender.
func (f *folder) Send(ctx context.Context, m Message) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("write mail: %w", err)
	}
	now := time.Now()
	text, err := format(m, f.from, now)
	if err != nil {
		return err
	}
	// Others on the machine must not read what is in it: it may hold a token.
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		return fmt.Errorf("write mail: %w", err)
	}
	name := now.UTC().Format("20060102-150405.000000") + "-" + rand.Text()[:6] + ".eml"
	if err := os.WriteFile(filepath.Join(f.path, name), text, 0o600); err != nil {
		return fmt.Errorf("write mail: %w", err)
	}
	return nil
}
