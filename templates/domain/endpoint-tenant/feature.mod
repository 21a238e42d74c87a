// Endpoint-tenant is who may use an endpoint of a domain whose rows are each one
// tenant's: members, by a permission of its own.
feature endpoint-tenant // part
summary "who may use an endpoint on rows of tenants"
