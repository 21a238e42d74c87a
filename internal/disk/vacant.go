package disk

import "path/filepath"

// Vacant refuses a target that Stage would refuse for what is there, and
// touches nothing.
func Vacant(target string) error {
	target, err := filepath.Abs(target)
	if err != nil {
		return err
	}
	return vacant(target)
}
