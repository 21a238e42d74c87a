package ratelimit

import (
	"context"
	"fmt"
	"time"
)

// Patient makes the limiter wait for Redis as long as a busy machine needs.
func (l *Limiter) Patient() *Limiter {
	l.counter.(*shared).together.Timeout = time.Minute
	return l
}

// Both lets Redis decide, and then, at the time of Redis, the memory of the process.
func (l *Limiter) Both(ctx context.Context, uses ...Use) (together, alone string, err error) {
	s := l.counter.(*shared)
	at, err := s.ask(ctx, uses)
	if err != nil {
		return "", "", err
	}
	return fmt.Sprint(judge(at[0], at[1:], uses)), fmt.Sprint(s.alone.(*local).at(at[0], uses)), nil
}

func (v verdict) String() string {
	return fmt.Sprintf("wait %s: of %s %d are left, all after %s", v.wait, v.rule.Name, v.left, v.reset)
}

// Key is where Redis counts.
func (u Use) Key() string { return u.key() }

// Cell is where the memory of the process counts for the id.
func (l *Limiter) Cell(u Use) *int64 { return l.counter.(*shared).alone.(*local).cell(u) }
