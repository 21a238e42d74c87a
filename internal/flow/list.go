package flow

import (
	"slices"
	"strings"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/plan"
)

// Feature is what `list` says of a feature.
type Feature struct {
	Name     string   `json:"name"`
	Alias    string   `json:"alias,omitempty"`
	Layer    string   `json:"layer"`
	Summary  string   `json:"summary"`
	Doc      string   `json:"doc,omitempty"`
	Needs    []string `json:"needs,omitempty"`
	Provides []string `json:"provides,omitempty"`
	// Brings names the environment variables and the modules that come with
	// the feature.
	Brings []string `json:"brings,omitempty"`
}

// Features lists what can be asked for, by name.
func Features() []Feature {
	var list []Feature
	for _, f := range features().Features {
		if f.Domain() || f.Part {
			continue
		}
		out := Feature{Name: f.Name, Alias: f.Alias, Layer: f.Layer, Summary: f.Summary, Doc: f.Doc, Needs: f.Needs, Provides: f.Provides}
		for _, e := range f.Env {
			out.Brings = append(out.Brings, e.Name)
		}
		for _, r := range f.Require {
			out.Brings = append(out.Brings, r.Path)
		}
		list = append(list, out)
	}
	return list
}

// Licenses lists the licences that can be added, by name.
func Licenses() (list []string) {
	for _, f := range features().Features {
		if name, found := strings.CutPrefix(f.Name, "license-"); found {
			list = append(list, name)
		}
	}
	return list
}

// Offer is a feature that the questions offer.
type Offer struct {
	Name, Text string
	Default    bool
}

// Offers lists the features that the questions offer; those of the default
// stack are chosen from the start.
func Offers() ([]Offer, error) {
	p, err := plan.Make(answers.Answers{Stack: DefaultStack()}, features())
	if err != nil {
		return nil, err
	}
	var list []Offer
	for _, f := range features().Features {
		if f.Ask != "" {
			chosen := slices.ContainsFunc(p.Steps, func(s plan.Step) bool { return s.Feature == f })
			list = append(list, Offer{f.Name, f.Ask, chosen})
		}
	}
	return list, nil
}
