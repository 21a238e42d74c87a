package authz

import "slices"

// Permission is the right to do one kind of thing: the domain, the entity and the verb, as in "orders.order.write".
type Permission string

// Set is some permissions. The nil Set has none.
type Set map[Permission]struct{}

// NewSet returns the set of the permissions.
func NewSet(permissions ...Permission) Set {
	set := make(Set, len(permissions))
	for _, p := range permissions {
		set[p] = struct{}{}
	}
	return set
}

// Has says whether p is in the set.
func (s Set) Has(p Permission) bool {
	_, has := s[p]
	return has
}

// Role is the name of a set of permissions in one tenant.
type Role string

// The built-in roles. Each may do all that the one before it may.
const (
	Viewer Role = "viewer"
	Member Role = "member"
	Admin  Role = "admin"
	Owner  Role = "owner"
)

// Roles are the built-in roles, the least first.
func Roles() []Role {
	return []Role{Viewer, Member, Admin, Owner}
}

// Grant declares a permission.
type Grant struct {
	Permission Permission

	// Least is the least built-in role that has it.
	Least Role

	// Doc says what it allows.
	Doc string
}

// Granted returns what a built-in role may do, of all that is declared. A role that is not built in may do nothing.
func Granted(role Role, grants []Grant) Set {
	set := Set{}
	rank := slices.Index(Roles(), role)
	for _, g := range grants {
		if least := slices.Index(Roles(), g.Least); least >= 0 && least <= rank {
			set[g.Permission] = struct{}{}
		}
	}
	return set
}
