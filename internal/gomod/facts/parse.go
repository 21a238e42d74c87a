package facts

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/module"
)

// Parse reads what Format writes. The facts share the memory of the text.
func Parse(text string) (*Facts, error) {
	p := parser{facts: &Facts{
		Packages: map[string]Package{},
		Modules:  map[string]Module{},
		Sums:     map[module.Version]string{},
	}}
	for n := 1; text != ""; n++ {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		if !p.line(line) {
			return nil, fmt.Errorf("facts: line %d: %q is no fact", n, line)
		}
	}
	p.close()
	return p.facts, nil
}

// parser holds the package or module whose indented lines are being read. One
// of the two paths is empty.
type parser struct {
	facts       *Facts
	packagePath string
	pkg         Package
	modulePath  string
	mod         Module
}

// line takes one line in, and says whether it is well formed.
func (p *parser) line(line string) bool {
	if rest, ok := strings.CutPrefix(line, "\t"); ok {
		verb, args, _ := strings.Cut(rest, " ")
		one, two, _ := strings.Cut(args, " ")
		return one != "" && (p.ofPackage(verb, one, two) || p.ofModule(verb, one, two))
	}
	p.close()
	verb, args, _ := strings.Cut(line, " ")
	one, two, _ := strings.Cut(args, " ")
	if one == "" {
		return false
	}
	switch verb {
	case "go":
		p.facts.Go = one
	case "toolchain":
		p.facts.Toolchain = one
	case "package":
		p.packagePath, p.pkg = one, Package{Module: two}
	case "module":
		p.modulePath, p.mod = one, Module{Version: two}
	case "sum":
		version, sum, ok := strings.Cut(two, " ")
		p.facts.Sums[module.Version{Path: one, Version: version}] = sum
		return ok
	default:
		return false
	}
	return true
}

func (p *parser) ofPackage(verb, one, two string) bool {
	if p.packagePath == "" {
		return false
	}
	switch verb {
	case "needs":
		p.pkg.Needs = append(p.pkg.Needs, one)
	case "tests":
		level, err := strconv.Atoi(two)
		p.pkg.Tests = append(p.pkg.Tests, Test{one, level})
		return err == nil
	case "beside":
		p.pkg.Beside = append(p.pkg.Beside, Beside{one, two})
	case "rival":
		path, version, ok := strings.Cut(two, " ")
		v := module.Version{Path: path, Version: version}
		p.pkg.Rivals = append(p.pkg.Rivals, Rival{one, v})
		return ok
	default:
		return false
	}
	return true
}

func (p *parser) ofModule(verb, one, two string) bool {
	if p.modulePath == "" {
		return false
	}
	switch v := (module.Version{Path: one, Version: two}); verb {
	case "names":
		p.mod.Names = append(p.mod.Names, v)
	case "reads":
		p.mod.Reads = append(p.mod.Reads, v)
	default:
		return false
	}
	return true
}

// close files the package or module whose lines have ended.
func (p *parser) close() {
	if p.packagePath != "" {
		p.facts.Packages[p.packagePath] = p.pkg
	}
	if p.modulePath != "" {
		p.facts.Modules[p.modulePath] = p.mod
	}
	p.packagePath, p.modulePath = "", ""
}
