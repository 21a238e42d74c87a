package app

import (
	"io"
	"net/http"
	"strings"
)

// usesKey makes a key, and works with it and with one that is wrong.
func (s *userStory) usesKey(p *testPerson) {
	before := p.workspace
	if p.workspace == "" {
		p.workspace = s.read(s.send(p, http.StatusCreated, "POST /v1/workspaces", `{"name": "Acme"}`), "id")
	}
	const create = `{"name": "robot", "scopes": ["workspaces.workspace.read"]}`
	key := s.once(s.send(p, http.StatusCreated, "POST /v1/workspace/api-keys", create), "secret", "an API key")
	s.secret(key[strings.LastIndex(key, "_")+1:], "what is random in an API key")
	s.present(key, http.StatusOK)
	s.present(s.secret(key[:len(key)-7]+"canarys", "an API key with a wrong checksum"), http.StatusUnauthorized)
	p.workspace = before
}

// present asks for the workspace with a key.
func (s *userStory) present(key string, want int) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.api+"/v1/workspace", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer w.Body.Close()
	answer, err := io.ReadAll(w.Body)
	if err != nil || w.StatusCode != want {
		s.t.Errorf("want %d, got %d %s %v", want, w.StatusCode, answer, err)
	}
	s.answers = append(s.answers, string(answer))
}
