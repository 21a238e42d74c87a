package app

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"text/tabwriter"

	"example.com/myapp/internal/platform/config"
)

// printConfig prints what a process with this environment would run with, and then what is wrong with it.
func printConfig(_ context.Context, p Process) error {
	_, rows, err := config.LoadRows(p.Environ)
	table := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintf(table, "%s\t%v\t%s\n", row.Name, row.Value, row.Source)
	}
	return errors.Join(table.Flush(), err)
}

// printVersion prints the version of the program and of the Go release that built it.
func printVersion(_ context.Context, p Process) error {
	_, err := fmt.Fprintln(p.Stdout, name, version(), runtime.Version())
	return err
}

// version is what the build knows of itself: the module's version, with the commit if it was built in a checkout.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return info.Main.Version
}
