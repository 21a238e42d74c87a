// What a member may do is remembered with the session, and forgotten where
// the members or the roles of the workspace change.
feature principals-workspaces // part
summary "memberships are read through the cache"
with principals
with workspaces
