// Package templates carries the files of every feature in the binary. It is
// laid out as the layers of a generated repository; README.md beside this file
// teaches how to add a feature.
package templates

import "embed"

// FS holds everything below this folder.
//
//go:embed all:*
var FS embed.FS
