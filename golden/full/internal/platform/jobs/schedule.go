package jobs

import (
	"fmt"
	"time"
)

// Schedule says when something is due: it returns the latest tick that is not after now.
type Schedule func(now time.Time) time.Time

// Interval ticks every d, counted from the beginning of 1970 in UTC, so that all processes agree on the ticks: an hour is a full
// hour. Zero and less is refused when the worker starts.
func Interval(d time.Duration) Schedule {
	if d <= 0 {
		return nil
	}
	return func(now time.Time) time.Time {
		since := now.Sub(time.Unix(0, 0))
		return now.Add(-(since % d)).UTC()
	}
}

// Daily ticks once on every day of the zone, at that time of its clocks. On the day on which clocks go forward over that time
// it ticks an hour off, and on the one on which they show it twice it ticks at one of the two. A time that no clock shows is
// refused when the worker starts.
func Daily(hour, minute int, zone *time.Location) Schedule {
	if hour < 0 || hour > 23 || minute < 0 || minute > 59 || zone == nil {
		return nil
	}
	return func(now time.Time) time.Time {
		year, month, day := now.In(zone).Date()
		tick := time.Date(year, month, day, hour, minute, 0, 0, zone)
		if tick.After(now) {
			tick = time.Date(year, month, day-1, hour, minute, 0, 0, zone)
		}
		return tick.UTC()
	}
}

// timetable is what is enqueued at each tick of a schedule.
type timetable struct {
	name     string
	schedule Schedule
	job      Job
	options  []Option
}

// Every enqueues job at each tick of s, once in all processes, from the first tick after the name is first seen. Ticks that
// were missed, because no worker ran, are one. The job acts for no tenant. A name that is taken, and a job that has no
// handler, are reported when the worker starts.
func Every(m *Mux, name string, s Schedule, job Job, options ...Option) {
	for _, other := range m.timetables {
		if other.name == name {
			m.errs = append(m.errs, fmt.Errorf("jobs: two schedules are called %s", name))
		}
	}
	if s == nil {
		m.errs = append(m.errs, fmt.Errorf("jobs: %s has no schedule that can be kept", name))
	}
	m.timetables = append(m.timetables, timetable{name, s, job, options})
}
