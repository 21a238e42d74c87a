package devenv

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNewestVersionIsFoundAndPathComesFirst(t *testing.T) {
	root := t.TempDir()
	for _, folder := range []string{"pg/9.6/bin", "pg/15/bin", "pg/9.10/bin", "path"} {
		dir := filepath.Join(root, folder)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "initdb"), []byte("#!/bin/sh\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	folders := []string{filepath.Join(root, "none/*"), filepath.Join(root, "pg/*/bin")}
	for path, want := range map[string]string{
		t.TempDir():                 "pg/15/bin/initdb",
		filepath.Join(root, "path"): "path/initdb",
	} {
		t.Setenv("PATH", path)
		got, _ := find(folders, "nothing", "initdb")
		if diff := cmp.Diff(filepath.Join(root, want), got); diff != "" {
			t.Errorf("found (-want +got):\n%s", diff)
		}
	}
	if got, ok := find(folders, "nothing"); ok {
		t.Errorf("found %s", got)
	}
}
