package authz

import (
	"context"
	"errors"
	"fmt"
)

// The refusals.
var (
	// ErrAnonymous says that nobody is signed in.
	ErrAnonymous = errors.New("sign in first")

	// ErrNoTenant says that a user is signed in and did not say in which tenant to act.
	ErrNoTenant = errors.New("name the workspace in the header " + TenantHeader)

	// ErrDenied says that whoever acts lacks a permission.
	ErrDenied = errors.New("permission denied")
)

// Check refuses whoever acts in ctx unless the permission was granted. The refusal is one of the errors above, which httpx answers
// with 401, 400 and 403.
func Check(ctx context.Context, p Permission) error {
	who := From(ctx)
	switch {
	case who.Kind == Program || who.Permissions.Has(p):
		return nil
	case who.Kind == Nobody:
		return ErrAnonymous
	case who.Kind == User && who.Tenant.IsZero():
		return ErrNoTenant
	default:
		return fmt.Errorf("%w: %s", ErrDenied, p)
	}
}

// CheckSignedIn refuses a request that is not signed in: whose Kind is Nobody.
func CheckSignedIn(ctx context.Context) error {
	if From(ctx).Kind == Nobody {
		return ErrAnonymous
	}
	return nil
}

// CheckUser refuses all but users, and returns the one who acts.
func CheckUser(ctx context.Context) (Principal, error) {
	who := From(ctx)
	if who.Kind == User {
		return who, nil
	}
	if who.Kind == Nobody {
		return who, ErrAnonymous
	}
	return who, fmt.Errorf("%w: it is for users", ErrDenied)
}

// CheckOperator refuses all but our own people and the program.
func CheckOperator(ctx context.Context) error {
	who := From(ctx)
	switch {
	case who.Kind == Program || who.Operator:
		return nil
	case who.Kind == Nobody:
		return ErrAnonymous
	default:
		return fmt.Errorf("%w: it is for operators", ErrDenied)
	}
}
