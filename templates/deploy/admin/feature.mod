// Admin is the commands of those who run the program: they reach what no
// request may, and need the database and nothing else.
feature admin
summary "commands for those who run the program"
needs postgres
