package authz

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"example.com/myapp/internal/platform/id"
)

// mostRemembered bounds the memory: about 30 MB, if that many come within its life.
const mostRemembered = 100_000

// Memory remembers for a moment who has brought which credentials, so that not every read asks the database. Nobody and errors are
// not remembered. A change that this process makes is known at once, that of another one after the life of the memory.
type Memory struct {
	life time.Duration
	page atomic.Pointer[page]
}

// page is all that is remembered. It is forgotten as a whole, so that nothing that was read before a change outlives it: who reads
// meanwhile writes his answer on a page that nobody looks at any more.
type page struct {
	end   time.Time
	known sync.Map // of Credentials to Principal
	count atomic.Int64
}

// Credentials are a hash of what a request brings: the memory holds nothing that signs anybody in.
type Credentials [32]byte

// NewMemory returns a memory that knows nobody. With a life of zero that stays so.
func NewMemory(life time.Duration) *Memory {
	m := &Memory{life: life}
	m.page.Store(&page{})
	return m
}

// Get returns who brings c, as it is remembered or else as find says.
func (m *Memory) Get(c Credentials, find func() (Principal, error)) (Principal, error) {
	p := m.page.Load()
	if !time.Now().Before(p.end) {
		m.page.CompareAndSwap(p, &page{end: time.Now().Add(m.life)}) // unless another one has
		p = m.page.Load()
	}
	if who, ok := p.known.Load(c); ok {
		return who.(Principal), nil
	}
	who, err := find()
	if err == nil && who.Kind != Nobody && p.count.Add(1) <= mostRemembered {
		p.known.Store(c, who)
	}
	return who, err
}

// Forget is a Changed that ends all that is remembered, of whomever. A Get that begins after it sees what was committed before it.
func (m *Memory) Forget(context.Context, ...id.UUID) {
	m.page.Store(&page{end: time.Now().Add(m.life)})
}

// Changed is told, after the commit, of whom it is no longer so what they may do: of users and of tenants. Nil tells nobody.
type Changed func(ctx context.Context, ids ...id.UUID)

// Tell calls c.
func (c Changed) Tell(ctx context.Context, ids ...id.UUID) {
	if c != nil {
		c(ctx, ids...)
	}
}
