package app

import (
	"example.com/myapp/internal/domains/workspaces"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/platform/db"
)

// openWorkspaces returns the domain of the tenants. All is every domain, once they are there.
func openWorkspaces(cfg config.Config, database *db.DB, front *signIn, all func() []domain) *workspaces.Service {
	return workspaces.New(database, workspaces.Options{
		Grants:  func() []authz.Grant { return allGrants(all()) },
		People:  front.userService,
		Mail:    front.userService.Mail,
		URL:     cfg.AppURL,
		Changed: front.rightsChanged,
		Limits:  front.userService.Limits,
	})
}

// allGrants are the permissions of all domains, each with the role that has it.
func allGrants(domains []domain) []authz.Grant {
	var all []authz.Grant
	for _, d := range domains {
		if d, ok := d.(interface{ Permissions() []authz.Grant }); ok {
			all = append(all, d.Permissions()...)
		}
	}
	return all
}
