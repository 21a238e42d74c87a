package hub

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
)

// repository is what the API knows of one.
type repository struct {
	name, description, visibility, branch string
	topics                                []string
	on                                    map[string]bool
	readOnly                              bool
	rulesets                              []object
}

type object = map[string]any

// api is the part of GitHub's that a push talks to.
type api struct {
	hub  *Hub
	mu   sync.Mutex
	repo map[string]*repository
	mux  *http.ServeMux
}

func newAPI(h *Hub) *api {
	a := &api{hub: h, repo: map[string]*repository{}, mux: http.NewServeMux()}
	user := object{"login": "ada", "id": 1, "type": "User"}
	a.mux.HandleFunc("GET /user", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-OAuth-Scopes", "repo, workflow, read:org")
		say(w, 200, user)
	})
	a.mux.HandleFunc("GET /orgs/{org}", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("org") == "ada" || r.PathValue("org") == "nobody" {
			say(w, 404, object{"message": "Not Found"})
			return
		}
		say(w, 200, object{"login": r.PathValue("org"), "members_can_create_repositories": r.PathValue("org") != "strict"})
	})
	a.mux.HandleFunc("GET /orgs/{org}/memberships/ada", func(w http.ResponseWriter, r *http.Request) {
		switch r.PathValue("org") {
		case "acme":
			say(w, 200, object{"state": "active", "role": "admin"})
		case "strict":
			say(w, 200, object{"state": "active", "role": "member"})
		default:
			say(w, 404, object{"message": "Not Found"})
		}
	})
	a.mux.HandleFunc("POST /user/repos", a.create)
	a.mux.HandleFunc("POST /orgs/{owner}/repos", a.create)
	a.settings()
	return a
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if r.Header.Get("Authorization") != "Bearer "+a.hub.Token {
		say(w, 401, object{"message": "Bad credentials"})
		return
	}
	if r.Header.Get("X-GitHub-Api-Version") != "2022-11-28" {
		say(w, 400, object{"message": "no version of the API is named"})
		return
	}
	a.mux.ServeHTTP(w, r)
}

func say(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if status != 204 {
		_ = json.NewEncoder(w).Encode(body)
	}
}

func (r *repository) json() object {
	return object{"full_name": r.name, "private": r.visibility == "private", "visibility": r.visibility, "description": r.description,
		"default_branch": r.branch, "topics": append([]string{}, r.topics...), "permissions": object{"admin": true, "push": true}}
}

func (a *api) create(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Name, Description, Visibility string
		Private                       bool
	}
	_ = json.NewDecoder(r.Body).Decode(&body)
	owner := r.PathValue("owner")
	if owner == "" {
		owner = "ada"
	}
	name := owner + "/" + body.Name
	if a.repo[name] != nil {
		say(w, 422, object{"message": "Repository creation failed.", "errors": []object{{"message": "name already exists on this account"}}})
		return
	}
	made := &repository{name: name, description: body.Description, visibility: "public", branch: "master", on: map[string]bool{}}
	if body.Private {
		made.visibility = "private"
	}
	a.repo[name] = made
	a.hub.Make(name)
	say(w, 201, made.json())
}

// on routes a call about a repository.
func (a *api) on(pattern string, do func(w http.ResponseWriter, r *http.Request, repo *repository)) {
	method, rest, _ := strings.Cut(pattern, " ")
	a.mux.HandleFunc(method+" /repos/{owner}/{name}"+rest, func(w http.ResponseWriter, r *http.Request) {
		repo := a.repo[r.PathValue("owner")+"/"+r.PathValue("name")]
		if repo == nil {
			say(w, 404, object{"message": "Not Found"})
			return
		}
		do(w, r, repo)
	})
}

func (a *api) settings() {
	a.on("GET ", func(w http.ResponseWriter, _ *http.Request, repo *repository) { say(w, 200, repo.json()) })
	a.on("PATCH ", func(w http.ResponseWriter, r *http.Request, repo *repository) {
		var b struct {
			Branch string `json:"default_branch"`
		}
		_ = json.NewDecoder(r.Body).Decode(&b)
		repo.branch = b.Branch
		say(w, 200, repo.json())
	})
	a.on("PUT /topics", func(w http.ResponseWriter, r *http.Request, repo *repository) {
		var b struct{ Names []string }
		_ = json.NewDecoder(r.Body).Decode(&b)
		repo.topics = b.Names
		say(w, 200, object{"names": b.Names})
	})
	a.on("GET /actions/permissions/workflow", func(w http.ResponseWriter, _ *http.Request, repo *repository) {
		say(w, 200, object{"default_workflow_permissions": map[bool]string{true: "read", false: "write"}[repo.readOnly], "can_approve_pull_request_reviews": false})
	})
	a.on("PUT /actions/permissions/workflow", func(w http.ResponseWriter, _ *http.Request, repo *repository) {
		repo.readOnly = true
		say(w, 204, nil)
	})
	a.on("GET /vulnerability-alerts", func(w http.ResponseWriter, _ *http.Request, repo *repository) {
		say(w, map[bool]int{true: 204, false: 404}[repo.on["alerts"]], object{"message": "Vulnerability alerts are disabled."})
	})
	a.on("PUT /vulnerability-alerts", func(w http.ResponseWriter, _ *http.Request, repo *repository) {
		repo.on["alerts"] = true
		say(w, 204, nil)
	})
	a.on("GET /automated-security-fixes", func(w http.ResponseWriter, _ *http.Request, repo *repository) {
		say(w, 200, object{"enabled": repo.on["fixes"], "paused": false})
	})
	a.on("PUT /automated-security-fixes", func(w http.ResponseWriter, _ *http.Request, repo *repository) {
		repo.on["fixes"] = true
		say(w, 204, nil)
	})
	a.on("GET /rulesets", func(w http.ResponseWriter, _ *http.Request, repo *repository) {
		say(w, 200, append([]object{}, repo.rulesets...))
	})
	a.on("POST /rulesets", func(w http.ResponseWriter, r *http.Request, repo *repository) {
		var b object
		_ = json.NewDecoder(r.Body).Decode(&b)
		b["id"] = len(repo.rulesets) + 1
		repo.rulesets = append(repo.rulesets, b)
		say(w, 201, b)
	})
}

// State is all that the API knows, for comparison.
func (h *Hub) State() string {
	a := h.API.(*api)
	a.mu.Lock()
	defer a.mu.Unlock()
	all := object{}
	for name, r := range a.repo {
		all[name] = object{"repository": r.json(), "on": r.on, "read_only": r.readOnly, "rulesets": r.rulesets}
	}
	b, _ := json.MarshalIndent(all, "", " ")
	return string(b)
}
