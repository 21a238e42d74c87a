//go:build killpoints

package disk

import (
	"os"
	"strconv"
)

// A program that is built with the tag killpoints kills itself before the
// change of the disk whose number STARTKIT_DIES_AT says, counted from 1. The
// proof runs it once for each number; no release is built so.
func init() {
	dies, _ := strconv.Atoi(os.Getenv("STARTKIT_DIES_AT"))
	count := 0
	step = func(string, ...string) error {
		if count++; count != dies {
			return nil
		}
		self, err := os.FindProcess(os.Getpid())
		if err != nil {
			return err
		}
		if err := self.Kill(); err != nil {
			return err
		}
		select {}
	}
}
