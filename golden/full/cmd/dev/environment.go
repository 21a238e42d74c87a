package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// environment is what the app is started with.
type environment map[string]string

// readEnvironment returns the environment of this process, and from the file what is not set there. The file may be missing.
func readEnvironment(file string) (environment, error) {
	text, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	env, err := parseEnvironment(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s:%w", file, err)
	}
	for _, entry := range os.Environ() {
		if name, value, _ := strings.Cut(entry, "="); value != "" {
			env[name] = value
		}
	}
	return env, nil
}

// parseEnvironment reads lines of NAME=value, where the value may stand in quotes. Nothing is expanded.
func parseEnvironment(text string) (environment, error) {
	env := environment{}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(strings.TrimPrefix(line, "export "), "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !ok || name == "" || strings.ContainsAny(name, " \t") {
			return nil, fmt.Errorf("%d: want NAME=value", i+1)
		}
		if n := len(value); n > 1 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
			value = value[1 : n-1]
		}
		env[name] = value
	}
	return env, nil
}

// list returns env in the form of os.Environ.
func (env environment) list() []string {
	entries := make([]string, 0, len(env))
	for name, value := range env {
		entries = append(entries, name+"="+value)
	}
	return entries
}
