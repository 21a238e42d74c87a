// What github.com/startkit/startkit was asked for when it made this repository. startkit reads it and
// keeps it; nothing else does.
startkit v0.1.0

name myapp

module example.com/myapp

stack (
	postgres
	redis
	cache
	asynq
)

domain billing entity invoice plural invoices
