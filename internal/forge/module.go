package forge

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// Module guesses a module path for a repository of that name: the origin if
// there is one, else the user's account at GitHub, else the domain of his
// email, else example.com. It is a default for a question, not a decision.
func (u User) Module(name string) string {
	if path := u.module(name); plain(path) {
		return path
	}
	return "example.com/" + name
}

// plain says that a path is made of what every module path may be made of.
func plain(path string) bool {
	for i, name := range strings.Split(path, "/") {
		extra := "-._~"
		if i == 0 {
			extra = "-."
		}
		if strings.Trim(name, ".") != name || name == "" || strings.HasPrefix(name, "-") {
			return false
		}
		for _, r := range name {
			if r >= 0x80 || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(extra, r) {
				return false
			}
		}
	}
	return true
}

func (u User) module(name string) string {
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
