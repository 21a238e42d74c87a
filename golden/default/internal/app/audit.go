package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/id"
)

func auditCommands() []adminCommand {
	return []adminCommand{
		{"audit verify", "[FILE]", "look for entries that were changed; FILE holds heads that audit anchor printed", auditVerify},
		{"trace request", "ID", "show what a request left, by the id in its answer or in the log", traceRequest},
		{"audit anchor", "", "print the heads of the audit log, to be kept outside of the database", auditAnchor},
	}
}

// auditAnchor prints a line of JSON for each chain.
func auditAnchor(ctx context.Context, p adminProcess) error {
	heads, err := audit.Heads(ctx, p.database)
	if err != nil {
		return err
	}
	lines := json.NewEncoder(p.Stdout)
	for _, head := range heads {
		if err := lines.Encode(head); err != nil {
			return err
		}
	}
	return nil
}

// auditVerify prints what is wrong, a line for each chain, and fails if something is.
func auditVerify(ctx context.Context, p adminProcess) error {
	anchors, err := readAnchors(p.Args)
	if err != nil {
		return err
	}
	tenants, err := audit.Chains(ctx, p.database)
	if err != nil {
		return err
	}
	for tenant := range anchors {
		if !slices.Contains(tenants, tenant) {
			tenants = append(tenants, tenant) // there is nothing left of it
		}
	}
	broken := 0
	for _, tenant := range tenants {
		wrong, err := audit.Verify(ctx, p.database, tenant, anchors[tenant])
		if err != nil {
			return err
		}
		if wrong != "" {
			broken++
			fmt.Fprintln(p.Stdout, wrong)
		}
	}
	if broken > 0 {
		return fmt.Errorf("%d of %d chains of the audit log are broken", broken, len(tenants))
	}
	_, err = fmt.Fprintf(p.Stdout, "%d chains are whole\n", len(tenants))
	return err
}

// readAnchors reads the file that the arguments name, if they do.
func readAnchors(args []string) (map[id.UUID][]audit.Head, error) {
	anchors := map[id.UUID][]audit.Head{}
	if len(args) == 0 {
		return anchors, nil
	}
	text, err := os.ReadFile(args[0])
	for line := range bytes.Lines(text) {
		var head audit.Head
		if err := json.Unmarshal(line, &head); err != nil {
			return nil, fmt.Errorf("read %s: %w", args[0], err)
		}
		anchors[head.Tenant] = append(anchors[head.Tenant], head)
	}
	return anchors, err
}
