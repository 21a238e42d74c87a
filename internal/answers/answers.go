// Package answers holds what the user asked for, and nothing else: the input
// of every render. It is saved in a generated repository as startkit.mod.
package answers

// Tool is the module path of startkit itself. Beside go.mod and the import
// paths it is the only place that names it.
const Tool = "github.com/startkit/startkit"

// Version is the version of startkit. A release carries its tag.
const Version = "v0.1.0"

// File is the name of the file in a generated repository that holds its
// answers. It is the only trace of the tool there.
const File = "startkit.mod"

// Answers is what the user asked for.
type Answers struct {
	// Version is the version of startkit that rendered the repository.
	Version string
	// Name is the name of the application: its binary, its folder under
	// cmd/, its database.
	Name string
	// Module is the path of the Go module.
	Module string
	// Stack lists the features asked for by name, in the order given. What
	// they bring along is not in it.
	Stack []string
	// Domains lists the domains in the order in which they were added.
	Domains []Domain
	// Parts lists what was added to domains one by one, in that order.
	Parts []Part
}

// Domain is one domain and its first entity.
type Domain struct {
	// Name is the name of the domain's package and of its Postgres schema.
	Name string
	// Entity is the domain's entity in the singular, in snake case.
	Entity string
	// Plural is the entity in the plural, in snake case.
	Plural string
	// Global says that its rows are the same for everybody. Else each row is
	// one tenant's, and Postgres shows it to no other.
	Global bool
}

// The kinds of a Part.
const (
	Endpoint  = "endpoint"
	Event     = "event"
	Job       = "job"
	Migration = "migration"
)

// Kinds are the kinds of a Part.
var Kinds = []string{Endpoint, Event, Job, Migration}

// Part is a job, an event, an endpoint or a migration of a domain.
type Part struct {
	// Kind is one of Kinds.
	Kind string
	// Name is the part's name, in snake case.
	Name string
	// Domain is the name of the domain that it belongs to.
	Domain string
	// Number is the one in the file name of a migration, and 0 for the other
	// kinds. It is fixed when the migration is added: what its owners have
	// numbered by hand until then decides it.
	Number int
}
