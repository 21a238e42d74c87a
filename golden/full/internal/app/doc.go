// Package app puts the process together. It is the only package that knows all the others.
//
// Main finds the command in the list of command.go. A command that serves reads the configuration, opens what its role
// needs from top to bottom, runs until a signal comes, and closes from bottom to top. There is no container and nothing
// global: what a part needs is an argument of its constructor, and app.go shows each of them.
package app
