// Step-up asks a user who does something sensitive to have proved a short
// while ago to be there: by logging in, or by a second factor.
feature step-up // part
summary "sensitive routes ask for a recent proof"
needs identity
