package identity

import "strconv"

// HashesMade counts the work for passwords.
func (s *Service) HashesMade() int64 { return s.hasher.Made() }

// TryAccounts counts tries of as many accounts from one address, faster than they could be made.
func (s *Service) TryAccounts(remote string, n int) {
	for i := range n {
		_ = s.logins.take("user"+strconv.Itoa(i)+"@example.com", remote)
	}
}
