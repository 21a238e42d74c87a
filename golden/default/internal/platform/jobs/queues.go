package jobs

import (
	"maps"
	"slices"
)

// The queues of what we do ourselves, by what may wait for what. All workers share them, and begin nothing of a queue while
// something of one before it is due, but for what Share lets through.
const (
	Critical = "critical"
	Default  = "default"
	Low      = "low"
	Bulk     = "bulk"
)

// Share is in how many jobs that a process begins each queue of ours has a turn, if it waits for another: one of its jobs joins the
// critical ones that the engine has, so that none waits for ever for those before it.
const Share = 50

// Ours are the queues of what we do ourselves, the first of them first.
func Ours() []string {
	return []string{Critical, Default, Low, Bulk}
}

// Vendors are the queues of what others do for us, and how many jobs of each one process runs at once. Each has workers of its
// own, so that a vendor that hangs holds up nothing else.
func Vendors() map[string]int {
	vendors := map[string]int{}
	vendors["mail"] = 4
	return vendors
}

// Queues are all of them.
func Queues() []string {
	return append(Ours(), slices.Sorted(maps.Keys(Vendors()))...)
}
