package identity

import (
	"context"
	"strconv"

	"example.com/myapp/internal/platform/jobs"
)

// Upkeep is what is done each hour.
func Upkeep() jobs.Job { return upkeep{} }

// HashesMade counts the work for passwords.
func (s *Service) HashesMade() int64 { return s.hasher.Made() }

// TryAccounts counts tries of as many accounts from one address, faster than they could be made.
func (s *Service) TryAccounts(ctx context.Context, address string, n int) {
	for i := range n {
		_ = s.Limits.Take(ctx, loginByAddress.For(address), loginByAccount.For("user"+strconv.Itoa(i)+"@example.com"))
	}
}
