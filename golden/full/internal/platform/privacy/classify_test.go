package privacy

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestACommentIsReadUpToItsSemicolon(t *testing.T) {
	base := entry{Schema: "a", Table: "b", About: "scope=tenant pii=yes retention=7y; Rows: x=y;", Column: "c", Type: "text"}
	with := func(note string) entry { base.Note = note; return base }
	got, err := classify([]entry{with(""), with("Just a sentence."), with("pii=no; A name."), with("subject=user; Whose."),
		with("pii=email erase=null export=yes; A sentence.")})
	want := []Table{{Schema: "a", Name: "b", Scope: "tenant", PII: true, Retention: "7y", Columns: []Column{
		{Name: "c", Type: "text"}, {Name: "c", Type: "text"}, {Name: "c", Type: "text"}, {Name: "c", Type: "text", Subject: "user"},
		{Name: "c", Type: "text", Class: "email", Erase: "null", Export: true},
	}}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestEveryCommentThatCannotBeReadIsNamed(t *testing.T) {
	const good = "scope=global pii=no retention=1d;"
	for _, about := range []string{
		"", "A table.", "scope=all pii=no retention=1d;", "scope=global pii=maybe retention=1d;", "scope=global pii=no;",
		"scope=global pii=no retention=1d", good[:len(good)-1] + " colour=red;", "scope=global scope=tenant pii=no retention=1d;",
	} {
		if _, err := classify([]entry{{Schema: "a", Table: "b", About: about}}); err == nil || !strings.Contains(err.Error(), "table a.b") {
			t.Errorf("%q: %v", about, err)
		}
	}
	for _, note := range []string{"pii=email;", "pii=email erase=null; x", "pii=email erase=never export=no; x", "pii=email erase=null export=yes", "a=b; x", "subject=dog; x"} {
		if _, err := classify([]entry{{Schema: "a", Table: "b", About: good, Column: "c", Note: note}}); err == nil || !strings.Contains(err.Error(), "a.b.c") {
			t.Errorf("%q: %v", note, err)
		}
	}
}
