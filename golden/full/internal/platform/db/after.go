package db

import (
	"context"
	"slices"
	"sync"
)

// hooks are what runs after the commit of a transaction.
type hooks struct {
	mu   sync.Mutex
	list []func(context.Context)
}

type hooksKey struct{}

// AfterCommit runs fn once what was done in the transaction of ctx lasts: after the commit of InTx; in a Unit, after that of the
// unit. If the transaction is rolled back, or the savepoint that it is in a unit, fn never runs; nor if Postgres does not say
// whether it has committed. In no transaction fn runs at once.
//
// It is for what may be lost, since the process can end between the two: telling a cache. What must follow is done in the
// transaction. The context that fn is given is in no transaction and does not end with ctx.
func AfterCommit(ctx context.Context, fn func(context.Context)) {
	h, _ := ctx.Value(hooksKey{}).(*hooks)
	if h == nil {
		fn(context.WithoutCancel(ctx))
		return
	}
	h.add(fn)
}

// withHooks returns a context whose hooks are h.
func withHooks(ctx context.Context, h *hooks) context.Context {
	return context.WithValue(ctx, hooksKey{}, h)
}

func (h *hooks) add(fns ...func(context.Context)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = append(h.list, fns...)
}

// take returns the hooks and leaves none.
func (h *hooks) take() []func(context.Context) {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := slices.Clone(h.list)
	h.list = nil
	return list
}

// run runs them in the order in which they were added.
func (h *hooks) run(ctx context.Context) {
	over := context.WithValue(withHooks(context.WithoutCancel(ctx), nil), frameKey{}, nil)
	for _, fn := range h.take() {
		fn(over)
	}
}
