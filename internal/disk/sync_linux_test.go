package disk

import (
	"path/filepath"
	"testing"
)

func TestWithoutSyncfsFilesAreSettledOneByOne(t *testing.T) {
	was := syncfs
	syncfs = 0
	defer func() { syncfs = was }()
	settled := 0
	step = func(op string, paths ...string) error {
		if op == "syncdir" && filepath.Base(last(paths)) == inner {
			settled++
		}
		return nil
	}
	err := make1(filepath.Join(scratch(t), "app"), generated())
	step = nil
	if err != nil || settled != 1 {
		t.Errorf("settled the folder %d times, %v", settled, err)
	}
}
