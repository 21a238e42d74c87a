// Command checkers looks at the files of a generated repository with the code
// of the tools that will read them: `compose FILE` loads a compose file as
// docker compose does, `dockerfile FILE` lints a Dockerfile as docker build
// --check does. It prints what is wrong, one a line, and needs no Docker.
//
// It is a module of its own, so that none of what it imports reaches startkit.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/opencontainers/go-digest"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: checkers compose|dockerfile FILE")
		os.Exit(2)
	}
	check := map[string]func(context.Context, string) ([]string, error){"compose": compose, "dockerfile": dockerfile}[os.Args[1]]
	wrong, err := check(context.Background(), os.Args[2])
	if err != nil {
		wrong = append(wrong, err.Error())
	}
	for _, w := range wrong {
		fmt.Println(w)
	}
	if len(wrong) > 0 {
		os.Exit(1)
	}
}

// compose loads a compose file with all its profiles; an empty environment
// stands for a fresh clone.
func compose(ctx context.Context, file string) ([]string, error) {
	o, err := cli.NewProjectOptions([]string{file}, cli.WithProfiles([]string{"*"}), cli.WithName("check"))
	if err != nil {
		return nil, err
	}
	p, err := o.LoadProject(ctx)
	if err != nil {
		return nil, err
	}
	var wrong []string
	for name, s := range p.Services {
		if s.HealthCheck == nil && s.Restart != "" && s.Restart != "no" {
			wrong = append(wrong, name+" has no health check")
		}
		for _, port := range s.Ports {
			if port.HostIP != "127.0.0.1" {
				wrong = append(wrong, fmt.Sprintf("%s publishes %s on every interface", name, port.Published))
			}
		}
	}
	return wrong, nil
}

func dockerfile(ctx context.Context, file string) ([]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	source := llb.NewSourceMap(nil, file, "dockerfile", text)
	source.Definition = &llb.Definition{}
	found, err := dockerfile2llb.DockerfileLint(ctx, text, dockerfile2llb.ConvertOpt{SourceMap: source, MetaResolver: anyImage{}})
	if err != nil {
		return nil, err
	}
	var wrong []string
	for _, w := range found.Warnings {
		line := int32(0)
		if w.Location != nil && len(w.Location.Ranges) > 0 {
			line = w.Location.Ranges[0].Start.Line
		}
		wrong = append(wrong, fmt.Sprintf("%s:%d: %s: %s", file, line, w.RuleName, w.Detail))
	}
	if found.Error != nil {
		wrong = append(wrong, file+": "+found.Error.Message)
	}
	return wrong, nil
}

// anyImage answers for every image, since no registry can be asked.
type anyImage struct{}

func (anyImage) ResolveImageConfig(_ context.Context, ref string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	config := []byte(`{"architecture":"amd64","os":"linux","config":{}}`)
	return ref, digest.FromBytes(config), config, nil
}
