// What github.com/startkit/startkit was asked for: it made this repository, and grows it, as by
// startkit add domain billing. It reads this file and keeps it; nothing else does.
startkit v0.1.0

name myapp

module example.com/myapp

stack (
	pre-seed
)
