// Devenv finds or starts the servers that tests and make dev need, without
// Docker: server binaries on the machine, run privately on free ports, else
// an embedded one. It never runs in production.
feature devenv
summary "servers for tests and make dev, without Docker"
needs core
