package billing

import "example.com/myapp/internal/platform/authz"

// The permissions of the domain. Each command asks for one, and so does its route.
const (
	Read  authz.Permission = "billing.invoice.read"
	Write authz.Permission = "billing.invoice.write"
)

// Permissions are what the domain lets roles do.
func (s *Service) Permissions() []authz.Grant {
	return []authz.Grant{
		{Permission: Read, Least: authz.Viewer, Doc: "see invoices"},
		{Permission: Write, Least: authz.Member, Doc: "create, change and delete invoices"},
		{Permission: MarkPaid, Least: authz.Member, Doc: "mark paid"},
	}
}
