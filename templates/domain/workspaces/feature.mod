// Workspaces are the tenants: who is a member of which, with which role, and
// what that role may do. Members are invited by mail; one of them is always an
// owner; nobody gives what he does not have.
feature workspaces
summary "workspaces, members, invitations, roles and permissions"
needs postgres
needs audit
needs identity
needs jobs
needs events
needs mail
