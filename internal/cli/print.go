package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/flow"
)

// report prints what a command did. Conflicts end with an error, so that
// scripts see them.
func (c *console) report(r flow.Report) error {
	if c.json {
		if err := c.printJSON(r); err != nil {
			return err
		}
	} else {
		c.text(r)
	}
	if n := r.Open(); n > 0 {
		return fault.Conflicts(n, c.dryRun)
	}
	return nil
}

func (c *console) printJSON(v any) error {
	e := json.NewEncoder(c.out)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// summary prints what of the plan of a report is new, and what it has no longer.
func (c *console) summary(w io.Writer, r flow.Report) {
	var names, reasons []string
	for _, p := range r.Brings() {
		names = append(names, p.Name)
		if p.Reason != "" {
			reasons = append(reasons, p.Name+": "+p.Reason)
		}
	}
	line := strings.Join(names, " ")
	if len(reasons) > 0 {
		line += "        (" + strings.Join(reasons, "; ") + ")"
	}
	if line != "" {
		fact(w, "planned", line)
	}
	var gone []string
	for _, p := range r.Gone() {
		gone = append(gone, p.Name)
	}
	if len(gone) > 0 {
		fact(w, "gone", strings.Join(gone, " "))
	}
	if r.SameAs != "" {
		fact(w, "same as", r.SameAs)
	}
}

func fact(w io.Writer, what, thing string) { fmt.Fprintf(w, "%-9s %s\n", what, thing) }

func (c *console) text(r flow.Report) {
	c.summary(c.out, r)
	if c.dryRun {
		c.dryText(r)
	} else {
		c.doneText(r)
	}
	for _, n := range r.Notes {
		fact(c.out, "note", n)
	}
	if r.Push != nil {
		c.pushed(*r.Push)
	}
	if r.Next != "" && !c.dryRun && r.Open() == 0 {
		fact(c.out, "next", r.Next)
	}
}

// dryText prints what would happen: a line for each file, and the diff.
func (c *console) dryText(r flow.Report) {
	for _, f := range r.Files {
		fact(c.out, f.Verdict, strings.TrimSpace(f.Path+"  "+f.Reason))
	}
	fmt.Fprint(c.out, r.Diff())
	fact(c.out, "wrote", "nothing: this was a dry run")
}

func (c *console) doneText(r flow.Report) {
	n := 0
	for _, f := range r.Files {
		if f.Written() {
			n++
		}
		if f.Verdict != "same" && (f.Notice || concerns(f) || len(r.Files) <= listed) {
			fact(c.out, f.Verdict, strings.TrimSpace(f.Path+"  "+f.Reason))
		}
		for _, k := range f.Conflicts {
			c.conflict(f.Path, k)
		}
	}
	if n == 0 {
		fact(c.out, "wrote", "nothing: all of it is there already")
		return
	}
	fact(c.out, "wrote", fmt.Sprintf("%d files in %s", n, r.Dir))
}

// conflict prints where a conflict stands, and its sides.
func (c *console) conflict(path string, k flow.Conflict) {
	if k.Line == 0 {
		return // it is about the whole file, and the reason says why
	}
	fact(c.out, "", fmt.Sprintf("%s:%d", path, k.Line))
	for _, side := range []struct{ whose, text string }{{"yours", k.Ours}, {"startkit", k.Theirs}} {
		for line := range strings.Lines(side.text) {
			fact(c.out, "", fmt.Sprintf("  %-8s | %s", side.whose, strings.TrimRight(line, "\r\n")))
		}
	}
}

// listed is up to how many files a report names all of them; of a new
// repository there are too many to read.
const listed = 40

// concerns says whether a file holds what its owners wrote, and so is named
// among however many.
func concerns(f flow.File) bool {
	return f.Verdict != "created" && f.Verdict != "updated" && f.Verdict != "deleted"
}
