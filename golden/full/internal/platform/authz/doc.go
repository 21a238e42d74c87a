// Package authz says who acts and what that one may do. Here is the one place where a permission is refused: Check.
//
//	session or key -> Principal -> With(ctx) -> Check(ctx, permission)
//
// Nobody may do anything that was not granted. A domain declares its permissions as Grants, each with the least of the
// built-in roles that has it; a route names the one that it needs, and the command behind the route asks again, since it is
// called by others too. Which rows of a tenant may be seen is decided where the rows are kept.
package authz
