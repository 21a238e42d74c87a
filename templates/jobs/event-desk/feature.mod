// The desk of events is where the people who run the program look: what
// happened, who was told and who is behind. It tells a subscriber again what it
// was never told, or what it is to build anew.
feature event-desk
summary "events listed, what became of their deliveries, and replay"
needs events
needs admin

require github.com/jackc/pgx/v5 v5.12.0
