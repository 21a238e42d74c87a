// The MIT licence. Without it the repository has none, and all rights stay
// with its owners.
feature license-mit
summary "the MIT licence"
provides license
needs core
