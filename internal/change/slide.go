package change

// slide moves every run of changed lines down as far as it goes without
// changing what the script says, or level with the change in the other side if
// there is one. Of `a (b a) b` and `a b (a b)` it makes the same hunk, so that
// two insertions at one place are seen to be at one place.
func slide(ids []int, changed, other []bool) {
	g, o := first(changed), first(other)
	for more := true; more; {
		if g.start < g.end {
			settleRun(ids, &g, &o)
		}
		if more = g.next(); more {
			o.next()
		}
	}
}

// settleRun moves one run of changed lines to its place.
func settleRun(ids []int, g, o *cursor) {
	var top, level int
	for size := -1; size != g.end-g.start; {
		size = g.end - g.start
		for g.up(ids) {
			o.previous()
		}
		top, level = g.end, -1
		if o.start < o.end {
			level = g.end
		}
		for g.down(ids) {
			o.next()
			if o.start < o.end {
				level = g.end
			}
		}
	}
	if g.end == top || level < 0 {
		return
	}
	for o.start == o.end && g.up(ids) {
		o.previous()
	}
}

// cursor stands at a run of changed lines, which may be empty: there is one
// before, between and after the lines that did not change.
type cursor struct {
	changed    []bool
	start, end int
}

func first(changed []bool) cursor {
	c := cursor{changed: changed}
	c.grow()
	return c
}

// grow takes in the changed lines below the run.
func (c *cursor) grow() {
	for c.end < len(c.changed) && c.changed[c.end] {
		c.end++
	}
}

// next moves to the run below, past one line that did not change.
func (c *cursor) next() bool {
	if c.end == len(c.changed) {
		return false
	}
	c.start, c.end = c.end+1, c.end+1
	c.grow()
	return true
}

// previous moves to the run above.
func (c *cursor) previous() bool {
	if c.start == 0 {
		return false
	}
	c.end = c.start - 1
	for c.start = c.end; c.start > 0 && c.changed[c.start-1]; {
		c.start--
	}
	return true
}

// down slides the run one line down if its first line is also the line below
// it, and takes in the run that it then touches.
func (c *cursor) down(ids []int) bool {
	if c.end == len(ids) || ids[c.start] != ids[c.end] {
		return false
	}
	c.changed[c.start], c.changed[c.end] = false, true
	c.start, c.end = c.start+1, c.end+1
	c.grow()
	return true
}

// up slides the run one line up.
func (c *cursor) up(ids []int) bool {
	if c.start == 0 || ids[c.start-1] != ids[c.end-1] {
		return false
	}
	c.start, c.end = c.start-1, c.end-1
	c.changed[c.start], c.changed[c.end] = true, false
	for c.start > 0 && c.changed[c.start-1] {
		c.start--
	}
	return true
}
