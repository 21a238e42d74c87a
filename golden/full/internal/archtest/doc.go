// Package archtest holds the walls between the parts of the repository, as tests.
//
// The list in domains.go says which domains there are, who answers for each, and whom each may know. The tests read the
// source of the whole repository, compare it with that list and with the walls in walls_test.go, and say for every breach the
// file, the reason of the wall and the way out. Privacy inside a domain needs no test: a domain is one package, and the
// compiler guards what it does not export.
package archtest
