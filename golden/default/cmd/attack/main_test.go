package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEachAttackIsALineAndAFailureIsShown(t *testing.T) {
	const events = `{"Action":"attr","Package":"p","Test":"TestAttackA","Key":"tried","Value":"read it"}
{"Action":"attr","Package":"p","Test":"TestAttackA","Key":"stopped","Value":"a wall"}
{"Action":"output","Package":"p","Test":"TestAttackA","Output":"--- PASS\n"}
{"Action":"pass","Package":"p","Test":"TestAttackA"}
{"Action":"attr","Package":"p","Test":"TestAttackB","Key":"tried","Value":"write it"}
{"Action":"output","Package":"p","Test":"TestAttackB","Output":"x_test.go:7: it was written\n"}
{"Action":"fail","Package":"p","Test":"TestAttackB"}
{"Action":"attr","Package":"p","Test":"TestAttackC","Key":"tried","Value":"walk around it"}
{"Action":"attr","Package":"p","Test":"TestAttackC","Key":"untried","Value":"install a ladder"}
{"Action":"skip","Package":"p","Test":"TestAttackC"}
{"Action":"skip","Package":"q"}
{"Action":"pass","Package":"r"}
`
	const want = `stopped      read it
             by a wall
NOT STOPPED  write it
             p TestAttackB
x_test.go:7: it was written
not tried    walk around it
             install a ladder
`
	var printed strings.Builder
	got, err := report(strings.NewReader(events), &printed)
	if diff := cmp.Diff(want, printed.String()); diff != "" || err != nil {
		t.Errorf("error %v, printed (-want +got):\n%s", err, diff)
	}
	if (got != tally{stopped: 1, failed: 1, untried: 1}) {
		t.Errorf("counted %+v", got)
	}
}
