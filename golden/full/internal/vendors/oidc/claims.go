package oidc

import (
	"cmp"
	"context"
	"crypto/subtle"
	"fmt"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// leeway is how far the clocks of the provider and of this machine may be apart.
const leeway = time.Minute

// algorithms are those by which a provider may sign: with a public key nothing can be signed, so neither HS256 nor none.
func algorithms() []string {
	return []string{oidc.RS256, oidc.PS256, oidc.ES256, oidc.EdDSA}
}

// claims are what an ID token says that the library does not look at.
type claims struct {
	Party         string  `json:"azp"`
	NotBefore     float64 `json:"nbf"`
	Proved        float64 `json:"auth_time"`
	Email         string  `json:"email"`
	EmailVerified any     `json:"email_verified"` // some providers write it as a text
	Name          string  `json:"name"`
}

// person returns whom the ID token names, once it is verified by OpenID Connect Core, 3.1.3.7.
func (m *discovered) person(ctx context.Context, token *oauth2.Token, nonce string) (Person, error) {
	raw, _ := token.Extra("id_token").(string)
	now := time.Now()
	verifier := m.provider.Verifier(&oidc.Config{
		ClientID: m.oauth().ClientID, SupportedSigningAlgs: algorithms(), Now: func() time.Time { return now.Add(-leeway) },
	})
	verified, err := verifier.Verify(ctx, raw)
	if err != nil {
		return Person{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	var c claims
	if err := verified.Claims(&c); err != nil {
		return Person{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if wrong := m.fault(verified, c, nonce, now); wrong != "" {
		return Person{}, fmt.Errorf("%w: the ID token %s", ErrRefused, wrong)
	}
	if verified.AccessTokenHash != "" && verified.VerifyAccessToken(token.AccessToken) != nil {
		return Person{}, fmt.Errorf("%w: the access token is another one's", ErrRefused)
	}
	if c.Email == "" && m.UserInfoURL != "" {
		if err := m.askMore(ctx, token, verified.Subject, &c); err != nil {
			return Person{}, err
		}
	}
	person := Person{
		Issuer: m.IssuerURL, Subject: verified.Subject, Name: c.Name,
		Email: c.Email, EmailVerified: c.EmailVerified == true || c.EmailVerified == "true",
	}
	if c.Proved != 0 {
		person.Proved = time.Unix(int64(c.Proved), 0)
	}
	return person, nil
}

// fault says what is wrong with a token whose signature, issuer, audience and expiry are right.
func (m *discovered) fault(t *oidc.IDToken, c claims, nonce string, now time.Time) string {
	switch {
	case subtle.ConstantTimeCompare([]byte(t.Nonce), []byte(nonce)) != 1:
		return "answers another question"
	case len(t.Audience) != 1:
		return "is for others, too"
	case c.Party != "" && c.Party != m.oauth().ClientID:
		return "was given to another"
	case t.IssuedAt.After(now.Add(leeway)) || t.IssuedAt.Before(now.Add(-FlowTime-leeway)):
		return "was not issued just now"
	case time.Unix(int64(c.NotBefore), 0).After(now.Add(leeway)):
		return "is not valid yet"
	case t.Subject == "" || len(t.Subject) > 255:
		return "names nobody"
	}
	return ""
}

// askMore takes from the provider's userinfo what many leave out of the ID token. What it says counts for the same subject only.
func (m *discovered) askMore(ctx context.Context, token *oauth2.Token, subject string, c *claims) error {
	info, err := m.provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return fmt.Errorf("%w: ask for the address: %w", ErrUnavailable, err)
	}
	var more claims
	if err := info.Claims(&more); err != nil || info.Subject != subject {
		return fmt.Errorf("%w: the address is another one's", ErrRefused)
	}
	c.Email, c.EmailVerified, c.Name = more.Email, more.EmailVerified, cmp.Or(c.Name, more.Name)
	return nil
}
