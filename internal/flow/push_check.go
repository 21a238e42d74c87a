package flow

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/forge"
	"github.com/startkit/startkit/internal/secret"
)

// fullName is what GitHub takes as OWNER/NAME.
var fullName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,38}/[A-Za-z0-9._-]{1,100}$`)

// aim sets where to push to.
func (p *push) aim(to string) error {
	_, name, _ := strings.Cut(to, "/")
	if !fullName.MatchString(to) || name == "." || name == ".." || strings.HasSuffix(name, ".git") {
		return fault.BadRepository(to)
	}
	p.name = to
	p.remote.URL = p.server.Remote(to, p.SSH)
	p.report.Repository, p.report.URL = to, p.server.Page(to, "")
	return nil
}

// identified refuses to go on where git does not know who commits.
func identified(ctx context.Context, dir string) error {
	if _, _, ok := forge.Identity(ctx, dir); ok {
		return nil
	}
	if _, err := forge.Top(ctx, dir); errors.Is(err, forge.ErrNoGit) {
		return fault.NoGit()
	}
	return fault.NoIdentity()
}

// local looks at what is here: all that is wrong is said at once.
func (p *push) local(ctx context.Context) error {
	root, err := p.find(ctx)
	if err != nil {
		return err
	}
	p.remote.Root = root
	top, err := forge.Top(ctx, root)
	switch {
	case errors.Is(err, forge.ErrNoRepository):
		return fault.NoBranch(branch)
	case err != nil:
		return err
	case !sameFolder(top, root):
		return fault.Nested(top)
	}
	origin := forge.ConfigUser(ctx, root).Origin
	if err := p.aim(p.target(origin)); err != nil {
		if p.To == "" {
			return fault.NoTarget()
		}
		return err
	}
	problems := []error{identified(ctx, root)}
	if forge.Tip(ctx, root, branch) == "" {
		problems = append(problems, fault.NoBranch(branch))
	} else if paths, err := forge.Uncommitted(ctx, root); err != nil || len(paths) > 0 {
		problems = append(problems, err, uncommitted(paths))
	}
	if origin != "" && !strings.EqualFold(p.server.Repository(origin), p.name) {
		problems = append(problems, fault.OtherOrigin(origin, p.remote.URL))
	}
	return errors.Join(problems...)
}

func uncommitted(paths []string) error {
	if len(paths) == 0 {
		return nil
	}
	return fault.Uncommitted(paths)
}

// find returns the folder of the repository, and learns what it is about.
func (p *push) find(ctx context.Context) (string, error) {
	r, err := open(p.Dir, false)
	if err == nil {
		p.about, err = aboutOf(r.saved)
		return r.root, err
	}
	if p.Any {
		return forge.Top(ctx, p.Dir)
	}
	if _, missing := find(p.Dir); missing != nil {
		return "", fault.NotKnown(p.Dir)
	}
	return "", err
}

// target is where to push to: what was asked for, else what origin names, else
// the module path.
func (p *push) target(origin string) string {
	if p.To != "" {
		return p.To
	}
	if name := p.server.Repository(origin); origin != "" {
		return name
	}
	name, _ := strings.CutPrefix(p.about.Module, p.server.Host()+"/")
	return name
}

// access asks GitHub who we are, what is there, and whether we may.
func (p *push) access(ctx context.Context) error {
	token := forge.FindToken(ctx, p.server)
	if !token.Known() {
		return fault.NoToken(p.server.Host())
	}
	p.remote.Token = token
	p.github = &forge.GitHub{Server: p.server, Token: token, Wait: p.Wait}
	me, err := p.github.Account(ctx)
	if forge.Status(err) == http.StatusForbidden {
		return fault.NoUser(token.From, err.Error())
	}
	if err != nil {
		return err
	}
	p.login = me.Login
	if lacking := p.lacking(me); len(lacking) > 0 {
		return fault.NoScope(token.From, lacking)
	}
	if p.repo, err = p.github.Repository(ctx, p.name); err != nil {
		return err
	}
	owner, _, _ := strings.Cut(p.name, "/")
	p.org = !strings.EqualFold(owner, p.login)
	if p.repo == nil {
		return p.mayCreate(ctx, owner)
	}
	return p.mayPush()
}

// lacking lists the scopes that a classic token should have and has not. One of
// another kind has none to show. Over https GitHub takes workflows only from
// tokens that may write them.
func (p *push) lacking(me forge.Account) (list []string) {
	if me.Scopes == nil {
		return nil
	}
	if !slices.Contains(me.Scopes, "repo") && (p.Visibility != "public" || !slices.Contains(me.Scopes, "public_repo")) {
		list = append(list, "repo")
	}
	if !p.SSH && !slices.Contains(me.Scopes, "workflow") {
		list = append(list, "workflow")
	}
	return list
}

// mayPush looks at a repository that is there.
func (p *push) mayPush() error {
	switch {
	case !strings.EqualFold(p.repo.FullName, p.name):
		return fault.Moved(p.name, p.repo.FullName)
	case p.repo.Archived:
		return fault.Archived(p.name)
	case !p.repo.Permissions.Push:
		return fault.NoRight(p.name, "it is there, and you may only read it")
	}
	return nil
}

// mayCreate says whether we may make a repository for an owner.
func (p *push) mayCreate(ctx context.Context, owner string) error {
	if !p.org {
		if p.Visibility == "internal" {
			return fault.NoPersonalInternal(owner)
		}
		return nil
	}
	o, err := p.github.Organization(ctx, owner, p.login)
	switch no := func(b *bool) bool { return b != nil && !*b }; {
	case err != nil:
		return err
	case o == nil:
		return fault.NoRight(p.name, owner+" is no organisation that "+p.login+" can see")
	case o.Role == "":
		return fault.NoRight(p.name, p.login+" is no member of "+owner)
	case o.Role == "admin":
		return nil
	case no(o.Repositories), p.Visibility == "" && no(o.Private), p.Visibility == "public" && no(o.Public):
		return fault.NoRight(p.name, owner+" does not let its members create repositories of this kind")
	}
	return nil
}

// history compares what is there with what is here, and looks for secrets in
// what would go there.
func (p *push) history(ctx context.Context) error {
	if p.repo != nil {
		refs, err := p.remote.Refs(ctx)
		if err != nil {
			return fault.Stopped("look at "+p.remote.URL, err)
		}
		p.there = refs["refs/heads/"+branch]
		if p.there == "" && len(refs) > 0 {
			return fault.OtherHistory(p.name)
		}
	}
	if p.there != "" {
		var err error
		if p.state, err = p.remote.Relate(ctx, branch, p.there); err != nil {
			return err
		}
		switch p.state {
		case forge.Foreign:
			return fault.OtherHistory(p.name)
		case forge.Diverged:
			return fault.Diverged(p.name, branch)
		case forge.Same, forge.Ahead:
			return nil // nothing would be pushed
		}
	}
	return p.secrets(ctx)
}

// secrets refuses to push what looks like a secret.
func (p *push) secrets(ctx context.Context) error {
	var places []string
	err := p.remote.EachOutgoing(ctx, branch, p.there, func(o forge.Outgoing) {
		if slices.Contains(p.Allow, o.Path) {
			return
		}
		for _, f := range secret.Find(o.Path, o.Data) {
			place := f.Path
			if f.Line > 0 {
				place = fmt.Sprintf("%s:%d", f.Path, f.Line)
			}
			if len(places) < 20 {
				place += "  " + f.What + ", in commit " + forge.CommitOf(ctx, p.remote.Root, branch, o.ID)
			}
			places = append(places, place)
		}
	})
	if err != nil || len(places) == 0 {
		return err
	}
	slices.Sort(places)
	return fault.Secrets(places)
}
