package forge

import (
	"context"
	"net/http"
	"slices"
)

// ruleset is the name of the rules that Protect makes.
const ruleset = "main is reviewed and checked"

// Protected says whether the default branch is protected by our ruleset. A
// server without rulesets (GitHub Enterprise before 3.11) is asked for the
// older protection of the branch.
func (g *GitHub) Protected(ctx context.Context, repository, branch string) (bool, error) {
	var list []struct{ Name string }
	_, err := g.do(ctx, call{"GET", "/repos/" + repository + "/rulesets", nil, &list})
	if Status(err) == http.StatusNotFound {
		_, err = g.do(ctx, call{"GET", branchPath(repository, branch), nil, nil})
		if Status(err) == http.StatusNotFound {
			return false, nil
		}
		return err == nil, err
	}
	return slices.ContainsFunc(list, func(r struct{ Name string }) bool { return r.Name == ruleset }), err
}

// Protect lets nobody delete or rewrite the default branch, and lets changes in
// by pull requests that one person reviewed and that passed the check, if one
// is named. An administrator may merge a pull request without: a founder who is
// alone has nobody to ask.
func (g *GitHub) Protect(ctx context.Context, repository, branch, check string) error {
	_, err := g.do(ctx, call{"POST", "/repos/" + repository + "/rulesets", rules(check), nil})
	if Status(err) == http.StatusNotFound {
		_, err = g.do(ctx, call{"PUT", branchPath(repository, branch), protection(check), nil})
	}
	return err
}

func branchPath(repository, branch string) string {
	return "/repos/" + repository + "/branches/" + branch + "/protection"
}

// object is a JSON object.
type object = map[string]any

func rules(check string) object {
	// 5 is the role of an administrator.
	admins := object{"actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "pull_request"}
	list := []object{{"type": "deletion"}, {"type": "non_fast_forward"}, {"type": "pull_request", "parameters": object{
		"required_approving_review_count": 1, "dismiss_stale_reviews_on_push": true, "require_code_owner_review": false,
		"require_last_push_approval": false, "required_review_thread_resolution": false,
	}}}
	if check != "" {
		list = append(list, object{"type": "required_status_checks", "parameters": object{
			"strict_required_status_checks_policy": false, "required_status_checks": []object{{"context": check}},
		}})
	}
	return object{
		"name": ruleset, "target": "branch", "enforcement": "active", "bypass_actors": []object{admins},
		"conditions": object{"ref_name": object{"include": []string{"~DEFAULT_BRANCH"}, "exclude": []string{}}},
		"rules":      list,
	}
}

func protection(check string) object {
	var checks any
	if check != "" {
		checks = object{"strict": false, "contexts": []string{check}}
	}
	return object{
		"required_status_checks": checks, "enforce_admins": false, "restrictions": nil,
		"required_pull_request_reviews": object{"required_approving_review_count": 1, "dismiss_stale_reviews": true},
	}
}
