package flow

import "slices"

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
		if f.Domain() {
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

// Offer is a feature that the questions offer.
type Offer struct {
	Name, Text string
	Default    bool
}

// Offers lists the features that the questions offer, and which of them are
// chosen from the start.
func Offers() []Offer {
	var list []Offer
	for _, f := range features().Features {
		if f.Ask != "" {
			list = append(list, Offer{f.Name, f.Ask, slices.Contains(DefaultStack(), f.Name)})
		}
	}
	return list
}
