// Package mailtest has a Sender for tests, which keeps what it is sent. It refuses what the real ones refuse: the contract test
// of package mail runs on it too.
package mailtest

import (
	"context"
	"slices"
	"sync"

	"example.com/myapp/internal/vendors/mail"
)

// Box is a mail.Sender that keeps messages. The zero value is empty. It is safe for concurrent use.
type Box struct {
	mu       sync.Mutex
	messages []mail.Message
}

// Send implements mail.Sender.
func (b *Box) Send(ctx context.Context, m mail.Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := m.Check(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.messages = append(b.messages, m)
	return nil
}

// Messages returns what was sent to an address, in order.
func (b *Box) Messages(to string) []mail.Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(b.messages), func(m mail.Message) bool { return m.To != to })
}
