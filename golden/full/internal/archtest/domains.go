package archtest

// Domain is a part of the business: a folder of internal/domains.
type Domain struct {
	// Name is the folder.
	Name string

	// Owner answers for it: who is asked before it changes, and called when it breaks.
	Owner string

	// Knows are the domains whose exported methods it may call. Whatever else it needs is handed in by internal/app.
	Knows []string
}

// Domains are all domains. An edge that is not in this list does not exist; one that is must be used.
func Domains() []Domain {
	var all []Domain

	all = append(all, Domain{
		Name:  "identity",
		Owner: "founders",
		Knows: nil,
	})

	all = append(all, Domain{
		Name:  "workspaces",
		Owner: "founders",
		Knows: nil,
	})

	all = append(all, Domain{
		Name:  "apikeys",
		Owner: "founders",
		Knows: nil,
	})

	all = append(all, Domain{
		Name:  "billing",
		Owner: "founders",
		Knows: nil,
	})

	return all
}
