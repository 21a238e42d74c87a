package app

import (
	"log/slog"

	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/vendors/oidc"
)

// openProvider returns who signs people in besides passwords, or nil if the application was told of nobody.
func openProvider(cfg config.Config, log *slog.Logger) (*oidc.Provider, error) {
	if cfg.OIDCIssuer == "" {
		return nil, nil
	}
	return oidc.New(oidc.Options{
		Issuer:       cfg.OIDCIssuer,
		ClientID:     cfg.OIDCClientID,
		ClientSecret: cfg.OIDCClientSecret,
		Callback:     cfg.AppURL + "/v1/identity/oidc/callback",
		Log:          log,
	})
}
