package cache

import (
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	mathrand "math/rand/v2"
	"strings"
	"time"
)

// The kinds of entry.
const (
	lease   = 'l' // somebody loads
	present = 'v' // a value
	missing = 'n' // there is no such thing
)

// entry is what Redis holds at a key: the kind in one byte, a token that no other entry has, and the rest.
type entry struct {
	kind  byte
	token string

	// expires is when Redis drops it, and cost is how long the load took: by both a reader decides to load anew.
	expires time.Time
	cost    time.Duration

	// body is the value as JSON.
	body []byte
}

// newToken returns 26 letters; the script swap counts on their number.
func newToken() string { return rand.Text() }

func newLease() entry { return entry{kind: lease, token: newToken()} }

// String returns what is stored.
func (e entry) String() string {
	head := string(rune(e.kind)) + e.token
	if e.kind == lease {
		return head
	}
	return fmt.Sprintf("%s %d %d %s", head, e.expires.UnixMilli(), e.cost.Milliseconds(), e.body)
}

var errForeign = errors.New("the key holds something that no cache wrote")

// parse reads what String wrote.
func parse(raw string) (entry, error) {
	head, rest, _ := strings.Cut(raw, " ")
	if len(head) != 1+len(newToken()) {
		return entry{}, errForeign
	}
	e := entry{kind: head[0], token: head[1:]}
	if e.kind == lease {
		return e, nil
	}
	var expires, cost int64
	if _, err := fmt.Sscanf(rest, "%d %d ", &expires, &cost); err != nil {
		return entry{}, errForeign
	}
	parts := strings.SplitN(rest, " ", 3)
	e.expires, e.cost, e.body = time.UnixMilli(expires), time.Duration(cost)*time.Millisecond, []byte(parts[len(parts)-1])
	return e, nil
}

// ends says whether this reader is to load it anew, before it ends for all: by chance, and the sooner the longer a load takes.
func (e entry) ends(now time.Time) bool {
	early := time.Duration(-math.Log(1-mathrand.Float64()) * float64(e.cost))
	return !now.Add(early).Before(e.expires)
}
