package config

import (
	"os"
	"strings"

	"github.com/caarlos0/env/v11"
)

// fileSuffix marks the variable that holds the path of a file with the value, as secrets are mounted into containers.
const fileSuffix = "_FILE"

// readFiles puts the content of each NAME_FILE into vars as NAME, without the line end that editors add.
func readFiles(vars map[string]string, params []env.FieldParams) (found Problems) {
	for _, param := range params {
		path := vars[param.Key+fileSuffix]
		if path == "" {
			continue
		}
		if vars[param.Key] != "" {
			found.add(param.Key, "is set twice; keep it or "+param.Key+fileSuffix)
			continue
		}
		content, err := os.ReadFile(path)
		if err != nil {
			found.add(param.Key+fileSuffix, "is no readable file: "+err.Error())
			continue
		}
		vars[param.Key] = strings.TrimRight(string(content), "\r\n")
	}
	return found
}
