package app

// once returns a field of the last answer, which is a secret that is shown once: in this answer, and nowhere else.
func (s *userStory) once(answer []byte, field, what string) string {
	s.t.Helper()
	s.answers = s.answers[:len(s.answers)-1]
	return s.secret(s.read(answer, field), what)
}
