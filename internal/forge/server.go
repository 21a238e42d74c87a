package forge

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// Server is a GitHub: where its API and its repositories are, without a slash
// at the end.
type Server struct{ API, Web string }

// ServerOf reads GH_HOST, which names an enterprise server, and GITHUB_API_URL
// and GITHUB_SERVER_URL, which override the two addresses. A token goes to no
// address without TLS but on this machine.
func ServerOf(getenv func(string) string) (Server, error) {
	host := getenv("GH_HOST")
	web := strings.TrimRight(getenv("GITHUB_SERVER_URL"), "/")
	if host == "" {
		host = "github.com"
	}
	if web == "" {
		web = "https://" + host
	}
	s := Server{Web: web, API: strings.TrimRight(getenv("GITHUB_API_URL"), "/")}
	if s.API == "" {
		s.API = apiOf(s.Web)
	}
	for _, address := range []string{s.API, s.Web} {
		if err := safe(address); err != nil {
			return Server{}, err
		}
	}
	return s, nil
}

// apiOf is where the API of a server is, by GitHub's own conventions.
func apiOf(web string) string {
	host := strings.TrimPrefix(web, "https://")
	if host == "github.com" || strings.HasSuffix(host, ".ghe.com") {
		return "https://api." + host
	}
	return web + "/api/v3"
}

func safe(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return fmt.Errorf("%q is no address of a server", address)
	}
	ip := net.ParseIP(u.Hostname())
	if u.Scheme == "https" || u.Scheme == "http" && (ip.IsLoopback() || u.Hostname() == "localhost") {
		return nil
	}
	return fmt.Errorf("%q is not https; a token is sent there", address)
}

// Host is the server's name, with a port if it has one.
func (s Server) Host() string { return s.Web[strings.Index(s.Web, "://")+3:] }

// Page is the address of a repository's page, or of one below it.
func (s Server) Page(repository, below string) string {
	return strings.TrimSuffix(s.Web+"/"+repository+"/"+below, "/")
}

// Remote is the address of a repository for git.
func (s Server) Remote(repository string, ssh bool) string {
	if !ssh {
		return s.Web + "/" + repository + ".git"
	}
	u, _ := url.Parse(s.Web)
	return "git@" + u.Hostname() + ":" + repository + ".git"
}

// Repository returns OWNER/NAME of an address of this server, or "".
func (s Server) Repository(remote string) string {
	path := remotePath(remote)
	u, _ := url.Parse(s.Web)
	if rest, ok := strings.CutPrefix(strings.TrimSuffix(remote, ".git"), s.Web+"/"); ok {
		return rest
	}
	rest, ok := strings.CutPrefix(path, strings.ToLower(u.Hostname())+"/")
	if !ok {
		return ""
	}
	return rest
}
