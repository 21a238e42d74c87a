package forge

import (
	"net/url"
	"slices"
	"strings"
)

// Module guesses a module path for a repository of that name: the origin if
// there is one, else the user's account at GitHub, else the domain of his
// email, else example.com. It is a default for a question, not a decision.
func (u User) Module(name string) string {
	if path := remotePath(u.Origin); path != "" {
		return path
	}
	user, domain, _ := strings.Cut(strings.ToLower(u.Email), "@")
	switch {
	case u.GitHub != "":
		return "github.com/" + u.GitHub + "/" + name
	case domain == "users.noreply.github.com":
		if _, login, ok := strings.Cut(user, "+"); ok {
			user = login
		}
		return "github.com/" + user + "/" + name
	case strings.Contains(domain, ".") && !slices.Contains(mailboxes, domain) && !reservedDomain(domain):
		return domain + "/" + name
	}
	return "example.com/" + name
}

// remotePath turns the address of a remote into a path: both
// git@github.com:acme/shop.git and https://github.com/acme/shop.git are
// github.com/acme/shop. A path of the machine is none.
func remotePath(remote string) string {
	host, path, ok := strings.Cut(remote, ":")
	if u, err := url.Parse(remote); err == nil && u.Scheme != "" && u.Host != "" {
		host, path, ok = u.Hostname(), u.Path, u.Scheme != "file"
	}
	if _, after, found := strings.Cut(host, "@"); found {
		host = after
	}
	path = strings.Trim(strings.TrimSuffix(strings.Trim(path, "/"), ".git"), "/")
	if !ok || !strings.Contains(host, ".") || strings.ContainsAny(host, `/\`) || path == "" {
		return ""
	}
	return strings.ToLower(host) + "/" + path
}

// mailboxes are domains of mail that belong to nobody's company.
var mailboxes = strings.Fields("gmail.com googlemail.com outlook.com hotmail.com live.com icloud.com me.com " +
	"yahoo.com proton.me protonmail.com gmx.com gmx.de gmx.net web.de mail.ru yandex.ru qq.com 163.com " +
	"fastmail.com hey.com aol.com zoho.com pm.me")

func reservedDomain(domain string) bool {
	top := domain[strings.LastIndexByte(domain, '.')+1:]
	return slices.Contains([]string{"local", "localdomain", "example", "invalid", "test", "internal", "lan", "home"}, top)
}
