package app

import (
	"context"
	"fmt"
	"text/tabwriter"

	"example.com/myapp/internal/domains/workspaces"
	"example.com/myapp/internal/platform/crypto"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/privacy"
)

// privacyCommands are about what is stored of people.
func privacyCommands() []adminCommand {
	return []adminCommand{
		{"privacy map", "", "print what is stored of people, where, and what happens to it", privacyMap},
		{"privacy export", "USER", "print all that is stored of a person, as lines of JSON", ofPerson(privacyExport)},
		{"privacy erase", "USER", "erase a person; there is no way back", ofPerson(privacyErase)},
	}
}

// ofPerson gives a command the person whom its argument names.
func ofPerson(run func(context.Context, adminProcess, id.UUID) error) func(context.Context, adminProcess) error {
	return func(ctx context.Context, p adminProcess) error {
		user, err := privacy.ParsePerson(p.Args[0])
		if err != nil {
			return err
		}
		return run(ctx, p, user)
	}
}

func openPrivacy(p adminProcess) *privacy.Service {
	service := privacy.New(p.database, crypto.New(p.database, p.cfg.Keyring()), schemas())
	service.Before = append(service.Before, func(ctx context.Context, user id.UUID) error { return workspaces.GiveUp(ctx, p.database, user) })
	return service
}

func privacyMap(ctx context.Context, p adminProcess) error {
	tables, err := openPrivacy(p).Map(ctx)
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "TABLE\tSCOPE\tRETENTION\tCOLUMN\tCLASS\tERASE\tEXPORT")
	for _, t := range tables {
		fmt.Fprintf(out, "%s.%s\t%s\t%s\t\t\t\t\n", t.Schema, t.Name, t.Scope, t.Retention)
		for _, c := range t.Columns {
			if c.Class != "" || c.Subject != "" {
				fmt.Fprintf(out, "\t\t\t%s\t%s\t%s\t%v\n", c.Name, c.Class, c.Erase, c.Export)
			}
		}
	}
	return out.Flush()
}

func privacyExport(ctx context.Context, p adminProcess, user id.UUID) error {
	return openPrivacy(p).Export(ctx, user, p.Stdout)
}

func privacyErase(ctx context.Context, p adminProcess, user id.UUID) error {
	done, err := openPrivacy(p).Erase(ctx, user)
	if err == nil {
		forgetEverybody(ctx, p)
	}
	for _, e := range done {
		fmt.Fprintf(p.Stdout, "%s\t%s\t%d rows\n", e.Table, e.Rule, e.Rows)
	}
	if err == nil {
		fmt.Fprintln(p.Stdout, "erased; what backups, logs and vendors hold is not reached from here")
	}
	return err
}
