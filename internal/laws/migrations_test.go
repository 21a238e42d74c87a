package laws

import (
	"io/fs"
	"path"
	"strconv"
	"strings"
	"testing"

	"github.com/startkit/startkit/templates"
)

// TestMigrationsOfOneSchemaHaveNumbersOfTheirOwn: a number that has run is taken
// for done, whatever file has it. So where one feature takes another's place,
// in a database in which the other's migrations ran, they must differ. River
// numbers its own from 1 on.
func TestMigrationsOfOneSchemaHaveNumbersOfTheirOwn(t *testing.T) {
	files, err := fs.Glob(templates.FS, "*/*/files/internal/platform/jobs/migrations/*.sql.tmpl")
	if err != nil || len(files) < 2 {
		t.Fatalf("%d migrations of jobs, error %v", len(files), err)
	}
	has := map[int]string{}
	for _, file := range files {
		digits, _, _ := strings.Cut(path.Base(file), "_")
		n, err := strconv.Atoi(digits)
		if err != nil || n <= 1000 {
			t.Errorf("%s: River may have a migration %s", file, digits)
		}
		if has[n] != "" {
			t.Errorf("%s has the number of %s", file, has[n])
		}
		has[n] = file
	}
}
