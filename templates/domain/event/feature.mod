// Event is one event of a domain: its type in one file, and in another the tests that
// hold it to its form and show who publishes it and who listens.
feature event
summary "an event of a domain"
needs postgres
needs events
