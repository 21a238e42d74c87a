// Identity knows who the users are and by what sessions they are signed in.
// Passwords are hashed slowly and in bounded memory, links in mails work once,
// and nothing that the database holds signs anybody in.
feature identity
summary "users, sessions, passwords, links by mail"
needs postgres
needs audit
needs admin
needs jobs
needs events
needs mail
needs ratelimit
after ratelimit-redis

env (
	// Where people reach the application with a browser. Links in mails begin with it.
	APP_URL "http://localhost:8080"
	// How long a session lives that nobody uses. Zero is refused.
	SESSION_IDLE_TIMEOUT 168h
	// How long a session lives at most. Zero is refused.
	SESSION_LIFETIME 720h
	// How long a read may be answered by what the process remembers of a session: so much later it learns what another process
	// has changed. What may change something asks the database each time. With zero all does.
	SIGN_IN_MEMORY 1s
	// How many passwords are hashed at once, with 19 MiB each; the others wait. Zero is refused.
	PASSWORD_HASHES_AT_ONCE 4
)

require (
	golang.org/x/crypto v0.58.0
	golang.org/x/text v0.43.0
)
