package config

import "example.com/myapp/internal/platform/secret"

// Secret is the type of a variable that must not be seen: passwords, tokens, addresses with a password in them.
type Secret = secret.String
