package forge

import (
	"context"
	"errors"
	"os"
	"path/filepath"
)

// InsideRepository says whether dir lies in a repository's working tree and is
// not ignored there, so that a repository of its own would be a nested one.
// dir need not exist. Only if a folder above has a .git is git asked; a
// repository that git refuses to look at is one.
func InsideRepository(ctx context.Context, dir string) bool {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return false
	}
	home := dir
	for !isFolder(home) && home != filepath.Dir(home) {
		home = filepath.Dir(home)
	}
	if !marked(home) {
		return false
	}
	out, err := git{dir: home, args: []string{"rev-parse", "--is-inside-work-tree"}}.run(ctx)
	if err != nil {
		return !errors.Is(err, ErrNoRepository) && !errors.Is(err, ErrNoGit)
	}
	return string(out) == "true\n" && !ignored(ctx, home, dir)
}

// ignored is true of the folder of a project below a home whose owner keeps
// his settings in git and ignores all else.
func ignored(ctx context.Context, home, dir string) bool {
	_, err := git{dir: home, args: []string{"check-ignore", "--quiet", "--", dir}}.run(ctx)
	return err == nil
}

func marked(dir string) bool {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return true
		}
		up := filepath.Dir(dir)
		if up == dir {
			return false
		}
		dir = up
	}
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// prefix is the path of root below the top of its repository, with a slash at
// its end; empty if root is the top.
func prefix(ctx context.Context, root string) (string, error) {
	if _, err := os.Lstat(filepath.Join(root, ".git")); err == nil {
		return "", nil
	}
	out, err := git{dir: root, args: []string{"rev-parse", "--show-prefix"}}.run(ctx)
	if err != nil {
		return "", err
	}
	return string(out[:max(0, len(out)-1)]), nil
}
