// Mail sends what a person must read: by SMTP, or on one's own machine into a
// folder. It knows nothing of why a mail is sent.
feature mail
summary "mail by SMTP; files on one's own machine"
needs core

env (
	// Where mail goes: smtp://user:password@host:587, smtps://user:password@host:465, or file:FOLDER, which production refuses.
	MAIL_URL "file:.dev/mail" // secret
	// Whom mail comes from. Empty is refused.
	MAIL_FROM "app@localhost"
)
