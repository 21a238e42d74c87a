package app

import (
	"context"
	"fmt"

	"example.com/myapp/internal/domains/identity"
)

// setOperator makes a user one of our own people, who may change what is no tenant's, or takes that back.
func setOperator(ctx context.Context, p adminProcess) error {
	if p.Args[1] != "on" && p.Args[1] != "off" {
		return usageError("want: admin operator EMAIL on, or off")
	}
	people := identity.New(p.database, identity.Options{})
	if err := people.SetOperator(ctx, p.Args[0], p.Args[1] == "on"); err != nil {
		return err
	}
	forgetEverybody(ctx, p)
	_, err := fmt.Fprintln(p.Stdout, "operator", p.Args[1])
	return err
}
