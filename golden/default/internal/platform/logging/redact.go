package logging

import (
	"log/slog"
	"strings"

	"example.com/myapp/internal/platform/secret"
)

// redact hides the value of an attribute whose name says that it is a secret. It is the second net: the first is
// secret.String, which hides itself under any name.
func redact(_ []string, a slog.Attr) slog.Attr {
	switch strings.ToLower(a.Key) {
	case "password", "passwd", "secret", "token", "access_token", "refresh_token", "api_key", "apikey", "authorization",
		"cookie", "set-cookie", "dsn":
		return slog.String(a.Key, secret.Redacted)
	}
	return a
}
