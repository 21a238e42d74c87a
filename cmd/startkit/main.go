// Command startkit generates a Go repository for a startup and keeps it
// changeable for the repository's whole life.
package main

import (
	"os"

	"github.com/startkit/startkit/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
