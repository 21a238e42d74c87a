package apikeys

import "context"

// Flush stores the uses that were collected.
func (s *Service) Flush(ctx context.Context) error { return s.flush(ctx) }
