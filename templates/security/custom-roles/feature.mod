// A workspace makes roles of its own beside the built-in ones: a name, and some
// of the permissions that there are. Nobody makes a role of more than he may do
// himself, or changes one that may do more. They stand in the table of roles
// that workspaces have anyway: it needs no migration, and where it is removed,
// the members of such a role keep it and what it permits.
feature custom-roles
summary "roles that a workspace makes of permissions, beside the built-in ones"
ask "roles that workspaces make themselves"
needs workspaces
