package disk

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestOneOfTwoRunsForOneTargetWins(t *testing.T) {
	target := filepath.Join(scratch(t), "app")
	s, err := Stage(target)
	if err != nil {
		t.Fatal(err)
	}
	if err := staging(target); !errors.Is(err, ErrBusy) {
		t.Errorf("second run: got %v", err)
	}
	if err := staging(target + "2"); err != nil {
		t.Errorf("a run for another target: got %v", err)
	}
	if err := errors.Join(s.Write(generated()), s.Commit()); err != nil {
		t.Error(err)
	}
}

// TestALockOfAFileThatWentIsNone lets the run that has the lock end right
// before the second one takes it.
func TestALockOfAFileThatWentIsNone(t *testing.T) {
	target := filepath.Join(scratch(t), "app")
	first, err := Stage(target)
	if err != nil {
		t.Fatal(err)
	}
	step = func(op string, paths ...string) error {
		if op == "lock" {
			step = nil
			return first.Discard()
		}
		return nil
	}
	second, err := Stage(target)
	step = nil
	if err != nil {
		t.Fatal(err)
	}
	defer second.Discard()
	if err := staging(target); !errors.Is(err, ErrBusy) {
		t.Errorf("third run: got %v", err)
	}
	if err := errors.Join(second.Write(generated()), second.Commit()); err != nil {
		t.Error(err)
	}
}

func TestManyRunsForOneTarget(t *testing.T) {
	parent := scratch(t)
	lay(t, parent, map[string]string{"neighbour.txt": "not ours"})
	for range 20 {
		target := filepath.Join(parent, "app")
		results := make(chan error)
		const runs = 8
		for range runs {
			go func() { results <- make1(target, generated()) }()
		}
		won := 0
		for range runs {
			err := <-results
			var taken *OccupiedError
			switch {
			case err == nil:
				won++
			case errors.Is(err, ErrBusy) || errors.As(err, &taken):
			default:
				t.Errorf("a loser: %v", err)
			}
		}
		if won != 1 {
			t.Errorf("%d runs won", won)
		}
		again(t, parent, target, snapshot(t, target))
		if err := os.RemoveAll(target); err != nil {
			t.Fatal(err)
		}
	}
}
