package devenv

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// find returns the path of the first of the programs that is installed: on PATH, or in one of the folders, which are patterns.
// Of the folders that match one pattern, the one with the highest version in its name is taken.
func find(folders []string, programs ...string) (string, bool) {
	for _, program := range programs {
		if path, err := exec.LookPath(program); err == nil {
			return path, true
		}
		for _, folder := range folders {
			matches, _ := filepath.Glob(filepath.Join(folder, program))
			if len(matches) > 0 {
				return slices.MaxFunc(matches, byVersion), true
			}
		}
	}
	return "", false
}

// byVersion compares paths number by number, so that 9.6 comes before 15.
func byVersion(a, b string) int {
	return slices.Compare(numbers(a), numbers(b))
}

func numbers(path string) []int {
	var found []int
	for _, digits := range strings.FieldsFunc(path, func(r rune) bool { return !unicode.IsDigit(r) }) {
		if n, err := strconv.Atoi(digits); err == nil {
			found = append(found, n)
		}
	}
	return found
}

// isFile says whether something is at path.
func isFile(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
