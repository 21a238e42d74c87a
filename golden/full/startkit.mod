// What github.com/startkit/startkit was asked for: it made this repository, and grows it, as by
// startkit add domain billing. It reads this file and keeps it; nothing else does.
startkit v0.1.0

name myapp

module example.com/myapp

stack (
	money
	postgres
	privacy
	redis
	ratelimit
	cache
	asynq
	admission
	clock
	event-desk
	job-steps
	oidc
	mfa
	apikeys
	custom-roles
	idempotency
	job-desk
	operations
)

domain billing entity invoice plural invoices

job send_reminder domain billing
endpoint mark_paid domain billing
migration create_payments domain billing number 2
migration add_due_date domain billing number 3
event invoice_paid domain billing
