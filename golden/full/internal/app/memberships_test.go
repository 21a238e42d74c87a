package app

import (
	"net/http"
	"testing"
)

func TestAttackARoleThatWasTakenAwayElsewhere(t *testing.T) {
	t.Attr("tried", "use a role at one process that was taken away at another, while both remember it")
	t.Attr("stopped", "what Redis remembers of the workspace is void with the commit, for every process")
	s := newRememberedStory(t)
	s.signUp(s.ben)
	s.ann.workspace = s.read(s.send(s.ann, http.StatusCreated, "POST /v1/workspaces", `{"name": "firm"}`), "id")
	s.joins(s.ann, s.ben)
	const members, readRoles, readInvitations = "/v1/workspace/members/", "GET /v1/workspace/roles", "GET /v1/workspace/invitations"

	s.send(s.ann, http.StatusOK, "PUT "+members+s.ben.id, `{"role": "admin"}`)
	s.both(s.ben, http.StatusOK, readInvitations)
	s.send(s.ann, http.StatusOK, "PUT "+members+s.ben.id, `{"role": "viewer"}`)
	s.elsewhere(s.ben, http.StatusForbidden, readInvitations)

	s.send(s.ann, http.StatusCreated, "POST /v1/workspace/roles", `{"name": "clerk", "permissions": ["workspaces.member.read"]}`)
	s.send(s.ann, http.StatusOK, "PUT "+members+s.ben.id, `{"role": "clerk"}`)
	s.both(s.ben, http.StatusOK, readRoles)
	s.send(s.ann, http.StatusOK, "PUT /v1/workspace/roles/clerk", `{"permissions": []}`)
	s.elsewhere(s.ben, http.StatusForbidden, readRoles)
	s.send(s.ann, http.StatusOK, "PUT "+members+s.ben.id, `{"role": "viewer"}`)

	s.both(s.ben, http.StatusOK, readRoles)
	s.send(s.ann, http.StatusNoContent, "DELETE "+members+s.ben.id, "")
	s.elsewhere(s.ben, http.StatusForbidden, readRoles)
	s.send(s.ben, http.StatusForbidden, readRoles, "")
	s.both(s.ann, http.StatusOK, readRoles)
}
