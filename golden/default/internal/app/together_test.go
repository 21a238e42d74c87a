package app

import "net/http"

// rowBodies are requests that make something in a workspace, by the path that takes them.
func rowBodies() map[string]string {
	bodies := map[string]string{"/v1/workspaces": `{"name": %q}`}
	return bodies
}

// workTogether is what the members of a workspace do, and what they are refused.
func (s *userStory) workTogether() {
	ann, ben := s.ann, s.ben
	ann.workspace = s.read(s.send(ann, http.StatusCreated, "POST /v1/workspaces", `{"name": "firm"}`), "id")
	s.joins(ann, ben)
	for path, body := range rowBodies() {
		text := "canary-text"
		s.texts = append(s.texts, text)
		s.send(ann, http.StatusCreated, "POST "+path, body, text)
		s.send(ben, http.StatusOK, "GET "+path, "")
		s.send(ann, http.StatusUnprocessableEntity, "POST "+path, `{"name": [%q]}`, text)
	}
	const invite, members = "POST /v1/workspace/invitations", "/v1/workspace/members"
	s.send(ben, http.StatusForbidden, "PUT /v1/workspace", `{"name": %q}`, ben.name)
	s.send(ann, http.StatusUnprocessableEntity, invite, `{"email": %q, "role": "viewer"}`, ann.name)
	s.send(ann, http.StatusUnprocessableEntity, invite, `{"email": [%q], "role": "viewer"}`, ann.email)
	s.send(ann, http.StatusConflict, "DELETE /v1/workspace/membership", "")
	s.send(ann, http.StatusOK, "GET /v1/workspace/roles", "")
	s.send(ann, http.StatusOK, "GET "+members, "")
	s.send(ann, http.StatusNoContent, "DELETE "+members+"/"+ben.id, "")
	s.send(ben, http.StatusForbidden, "GET /v1/workspace", "")

	// In the end both own the one, and ann is invited to another, which ben owns.
	s.joins(ann, ben)
	s.send(ann, http.StatusOK, "PUT "+members+"/"+ben.id, `{"role": "owner"}`)
	ben.workspace = ""
	ben.workspace = s.read(s.send(ben, http.StatusCreated, "POST /v1/workspaces", `{"name": "other firm"}`), "id")
	ben.headers["Idempotency-Key"] = "invite"
	for range 2 {
		s.send(ben, http.StatusCreated, invite, `{"email": %q, "role": "viewer"}`, ann.email)
	}
	delete(ben.headers, "Idempotency-Key")
}

// joins makes a person a member of the workspace of another.
func (s *userStory) joins(owner, p *testPerson) {
	p.workspace = ""
	s.send(owner, http.StatusCreated, "POST /v1/workspace/invitations", `{"email": %q, "role": "viewer"}`, p.email)
	link := s.link(p)
	s.send(p, http.StatusCreated, "POST /v1/invitations/accept", `{"workspace": %q, "token": %q}`, owner.workspace, link)
	s.send(p, http.StatusNotFound, "POST /v1/invitations/accept", `{"workspace": %q, "token": %q}`, owner.workspace, link)
	p.workspace = owner.workspace
}
