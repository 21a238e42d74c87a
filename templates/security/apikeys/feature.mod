// API keys let programs act in a workspace. A key may do what it was made for,
// and of that what its maker may still do; the database holds nothing that
// could be used as one; a scanner of leaked secrets knows what it found.
feature apikeys
summary "API keys of workspaces: scopes, expiry, rotation"
ask "API keys, by which programs act in a workspace"
needs workspaces
needs step-up
needs blind-index
