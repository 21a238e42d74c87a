package config

import (
	"reflect"

	"github.com/caarlos0/env/v11"
)

// Row is one variable as one prints it.
type Row struct {
	// Name is the variable.
	Name string

	// Value is what the process uses. A secret hides itself when it is printed.
	Value any

	// Source is where the value comes from: environment, file or default.
	Source string
}

// Rows are all variables, in the order of Config, as Load reads them from environ.
func (c Config) Rows(environ []string) (rows []Row) {
	params, _ := env.GetFieldParams(&c) // Load has read them
	vars, fields := env.ToMap(environ), reflect.ValueOf(c)
	for i, param := range params {
		rows = append(rows, Row{Name: param.Key, Value: fields.Field(i).Interface(), Source: source(vars, param.Key)})
	}
	return rows
}

// source says where the value of a variable comes from.
func source(vars map[string]string, name string) string {
	switch {
	case vars[name] != "":
		return "environment"
	case vars[name+fileSuffix] != "":
		return "file"
	default:
		return "default"
	}
}
