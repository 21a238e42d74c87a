package config

import "time"

// checkEvents refuses a history that forgets what is still being delivered.
func (c Config) checkEvents(f *Problems) {
	f.unless(c.EventsRetention >= 24*time.Hour, "EVENTS_RETENTION", "must be at least 24h")
}
