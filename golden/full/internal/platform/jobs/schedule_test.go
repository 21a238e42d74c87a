package jobs

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestAnIntervalTicksAtFullTimesInUTC(t *testing.T) {
	now := time.Date(2030, 1, 2, 3, 44, 5, 6, time.FixedZone("", 1800))
	for interval, want := range map[time.Duration]string{
		time.Hour:        "2030-01-02T03:00:00Z",
		15 * time.Minute: "2030-01-02T03:00:00Z",
		24 * time.Hour:   "2030-01-02T00:00:00Z",
		time.Second:      "2030-01-02T03:14:05Z",
	} {
		if got := Interval(interval)(now).Format(time.RFC3339Nano); got != want {
			t.Errorf("every %v: got %s, want %s", interval, got, want)
		}
	}
}

func TestATickIsTheLatestUntilTheNext(t *testing.T) {
	at := time.Date(2030, 1, 2, 3, 0, 0, 0, time.UTC)
	for name, s := range map[string]Schedule{"interval": Interval(time.Hour), "daily": Daily(3, 0, time.UTC)} {
		if got := s(at); !got.Equal(at) {
			t.Errorf("%s: at the tick it is %v", name, got)
		}
		if got := s(at.Add(-1)); !got.Before(at) {
			t.Errorf("%s: just before the tick it is %v", name, got)
		}
	}
}

func TestDailyTicksOnceOnEachDayThoughClocksAreChanged(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	daily := Daily(2, 30, zone)
	for _, day := range []time.Time{
		time.Date(2030, 3, 30, 0, 0, 0, 0, zone),  // on the 31st there is no 02:30
		time.Date(2030, 10, 26, 0, 0, 0, 0, zone), // on the 27th there are two
	} {
		ticks := map[time.Time]bool{}
		days := map[int]bool{}
		for now := day; now.Before(day.AddDate(0, 0, 3)); now = now.Add(5 * time.Minute) {
			tick := daily(now)
			if !tick.Before(day) {
				ticks[tick] = true
				days[tick.In(zone).Day()] = true
			}
		}
		if len(ticks) != 3 || len(days) != 3 {
			t.Errorf("from %v: the ticks are %v", day, ticks)
		}
	}
	if got := daily(time.Date(2030, 7, 1, 12, 0, 0, 0, zone)).Format(time.RFC3339); got != "2030-07-01T00:30:00Z" {
		t.Errorf("in summer it ticks at %s", got)
	}
}

func TestASchedulesMistakesAreReportedAtStart(t *testing.T) {
	for want, every := range map[string]func(*Mux){
		"jobs: two schedules are called a": func(m *Mux) {
			Every(m, "a", Interval(time.Hour), probe{})
			Every(m, "a", Interval(time.Hour), probe{})
		},
		"jobs: a has no schedule that can be kept": func(m *Mux) { Every(m, "a", Interval(0), probe{}) },
		"jobs: b has no schedule that can be kept": func(m *Mux) { Every(m, "b", Daily(24, 0, time.UTC), probe{}) },
		"jobs: a is scheduled, and no handler does test.mail": func(m *Mux) {
			Every(m, "a", Interval(time.Hour), mail{})
		},
	} {
		mux := NewMux()
		Handle(mux, nil, func(context.Context, pgx.Tx, probe) error { return nil })
		every(mux)
		if err := mux.Err(); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
