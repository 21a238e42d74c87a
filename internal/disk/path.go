package disk

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// check refuses paths that no repository should hold, all of them at once:
// those that leave it, those that some system cannot store, and those that are
// one path on some system. The rules for names are those of a module zip
// (golang.org/x/mod/module.CheckFilePath), since the repository is a module.
func check(paths []string) error {
	var problems []string
	for _, p := range paths {
		if why := flaw(p); why != "" {
			problems = append(problems, fmt.Sprintf("%q %s", p, why))
		}
	}
	problems = append(problems, clashes(paths)...)
	if problems == nil {
		return nil
	}
	return &PathError{problems}
}

// flaw says what is wrong with a path, or nothing.
func flaw(p string) string {
	if !utf8.ValidString(p) {
		return "is not UTF-8"
	}
	names := strings.Split(p, "/")
	for _, name := range names {
		if why := nameFlaw(name); why != "" {
			return why
		}
	}
	if strings.EqualFold(names[0], bareHome) {
		return "belongs to startkit"
	}
	return ""
}

func nameFlaw(name string) string {
	switch {
	case name == "":
		return "has an empty name, or is absolute"
	case name == "." || name == "..":
		return "is not a plain path below the root"
	case len(name) > 255:
		return "has a name of more than 255 bytes"
	case strings.HasSuffix(name, ".") || strings.HasSuffix(name, " ") || strings.HasPrefix(name, " "):
		return "has a name with a space or a dot at its edge, which Windows drops"
	case strings.EqualFold(name, ".git") || strings.EqualFold(name, "git~1"):
		return "belongs to git"
	}
	for _, r := range name {
		if !allowed(r) {
			return fmt.Sprintf("has the character %q", r)
		}
	}
	if reserved(name) {
		return "has a name that Windows reserves"
	}
	return ""
}

func allowed(r rune) bool {
	if r >= utf8.RuneSelf {
		return unicode.IsLetter(r)
	}
	return r >= ' ' && r < 0x7f && !strings.ContainsRune("\"'*/:<>?\\`|;", r)
}

// devices are the names that Windows keeps for devices, with any extension.
// Source: learn.microsoft.com/windows/win32/fileio/naming-a-file.
var devices = strings.Fields("CON PRN AUX NUL CONIN$ CONOUT$ " +
	"COM1 COM2 COM3 COM4 COM5 COM6 COM7 COM8 COM9 LPT1 LPT2 LPT3 LPT4 LPT5 LPT6 LPT7 LPT8 LPT9")

func reserved(name string) bool {
	stem, _, _ := strings.Cut(name, ".")
	// Windows reads PROGRA~1 as the short name of another file.
	if i := strings.LastIndexByte(stem, '~'); i >= 0 && i < len(stem)-1 && strings.Trim(stem[i+1:], "0123456789") == "" {
		return true
	}
	stem = strings.TrimRight(stem, " ")
	return slices.ContainsFunc(devices, func(d string) bool { return strings.EqualFold(d, stem) })
}
