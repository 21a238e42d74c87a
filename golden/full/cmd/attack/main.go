// Attack runs the attacks on this repository and prints a line for each: what was tried, and what stopped it. It is started by
// make attack.
//
// An attack is a test whose name begins with TestAttack, in whatever package. It says what it does by two attributes:
//
//	t.Attr("tried", "read the rows of another tenant")
//	t.Attr("stopped", "row level security")
//
// It is run by make test, too. An attack that needs what this machine lacks says so by the attribute "untried".
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

func main() {
	args := append([]string{"test", "-count=1", "-json", "-run=^TestAttack"}, os.Args[1:]...)
	if len(os.Args) == 1 {
		args = append(args, "./...")
	}
	run := exec.Command("go", args...)
	run.Stderr = os.Stderr
	output, err := run.StdoutPipe()
	if err == nil {
		err = run.Start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "attack:", err)
		os.Exit(1)
	}
	got, err := report(output, os.Stdout)
	failed := run.Wait()
	fmt.Printf("%d stopped, %d not stopped, %d not tried\n", got.stopped, got.failed, got.untried)
	if err != nil || failed != nil || got.failed > 0 || got.stopped == 0 {
		os.Exit(1)
	}
}

// event is a line of go test -json.
type event struct {
	Action, Package, Test, Key, Value, Output string
}

// tally counts how the attacks ended.
type tally struct {
	stopped, failed, untried int
}

// report prints a line for each attack when it has ended, and all that a failed one printed.
func report(events io.Reader, w io.Writer) (tally, error) {
	var got tally
	said := map[string]map[string]string{}
	for lines := json.NewDecoder(events); ; {
		var e event
		if err := lines.Decode(&e); err == io.EOF {
			return got, nil
		} else if err != nil {
			return got, err
		}
		if e.Action == "build-output" {
			fmt.Fprint(w, e.Output)
		}
		test, _, part := strings.Cut(e.Test, "/")
		attack := e.Package + " " + test
		if said[attack] == nil {
			said[attack] = map[string]string{}
		}
		switch about := said[attack]; {
		case e.Action == "output":
			about["output"] += e.Output
		case part || test == "":
			continue // what counts is the whole attack
		case e.Action == "attr":
			about[e.Key] = e.Value
		case e.Action == "fail":
			got.failed++
			fmt.Fprintf(w, "NOT STOPPED  %s\n             %s\n%s", about["tried"], attack, about["output"])
		case e.Action == "skip" && about["untried"] != "":
			got.untried++
			fmt.Fprintf(w, "not tried    %s\n             %s\n", about["tried"], about["untried"])
		case e.Action == "pass" && about["tried"] != "":
			got.stopped++
			fmt.Fprintf(w, "stopped      %s\n             by %s\n", about["tried"], about["stopped"])
		}
	}
}
