// MFA asks users who want it for the code of an authenticator app when they
// log in. A code works once, also for two who present it at once; guesses are
// counted; recovery codes replace a phone that was lost.
feature mfa
summary "a second factor: codes of an authenticator app, recovery codes"
ask "a second factor: codes of an authenticator app"
needs identity
needs step-up
needs crypto
