package identity

// HashesMade counts the work for passwords.
func (s *Service) HashesMade() int64 { return s.hasher.Made() }
