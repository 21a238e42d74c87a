package forge

import (
	"context"
	"strings"
)

// User is what git's configuration says about its user, as far as it helps to
// guess a module path. Any field may be empty.
type User struct {
	Name   string // user.name
	Email  string // user.email
	GitHub string // github.user
	Origin string // remote.origin.url
}

// ConfigUser reads the configuration that holds in dir. Where git is missing
// or says nothing, it is empty.
func ConfigUser(ctx context.Context, dir string) User {
	// Keys print in lower case, with the value after a line break.
	out, _ := git{dir: dir, args: []string{"config", "-z", "--get-regexp",
		`^(user\.name|user\.email|github\.user|remote\.origin\.url)$`}}.run(ctx)
	var u User
	for _, row := range fields(out) {
		key, value, _ := strings.Cut(row, "\n")
		switch key {
		case "user.name":
			u.Name = value
		case "user.email":
			u.Email = value
		case "github.user":
			u.GitHub = value
		case "remote.origin.url":
			u.Origin = value
		}
	}
	return u
}
