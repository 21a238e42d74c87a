// Endpoint-global is who may use an endpoint of a domain whose rows are the same for
// everybody: our own people.
feature endpoint-global // part
summary "who may use an endpoint on rows of everybody"
