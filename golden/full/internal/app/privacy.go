package app

import (
	"context"
	"fmt"
	"text/tabwriter"

	"example.com/myapp/internal/domains/workspaces"
	"example.com/myapp/internal/platform/crypto"
	"example.com/myapp/internal/platform/crypto/kek"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/privacy"
)

// privacyCommands are about what is stored of people.
func privacyCommands() []adminCommand {
	return []adminCommand{
		{"privacy map", "", "print what is stored of people, where, and what happens to it", privacyMap},
		{"privacy export", "USER", "print all that is stored of a person, as lines of JSON", privacyExport},
		{"privacy erase", "USER", "erase a person; there is no way back", privacyErase},
	}
}

// privacyOf returns the service, and the person whom the first argument names.
func privacyOf(p adminProcess) (*privacy.Service, id.UUID, error) {
	keyring, err := kek.Parse(p.cfg.CryptoKeys)
	if err != nil {
		return nil, id.UUID{}, err
	}
	service := privacy.New(p.database, crypto.New(p.database, keyring), schemas())
	service.Before = append(service.Before, func(ctx context.Context, user id.UUID) error { return workspaces.GiveUp(ctx, p.database, user) })
	if len(p.Args) == 0 {
		return service, id.UUID{}, nil
	}
	user, err := privacy.ParsePerson(p.Args[0])
	return service, user, err
}

func privacyMap(ctx context.Context, p adminProcess) error {
	service, _, err := privacyOf(p)
	if err != nil {
		return err
	}
	tables, err := service.Map(ctx)
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

func privacyExport(ctx context.Context, p adminProcess) error {
	service, user, err := privacyOf(p)
	if err != nil {
		return err
	}
	return service.Export(ctx, user, p.Stdout)
}

func privacyErase(ctx context.Context, p adminProcess) error {
	service, user, err := privacyOf(p)
	if err != nil {
		return err
	}
	done, err := service.Erase(ctx, user)
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
