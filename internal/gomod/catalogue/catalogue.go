// Package catalogue imports every package that a template may import, and so
// pins the version of each in the go.mod beside it. It is a module of its own,
// so that startkit itself depends on none of them, and is never built.
//
// To add a package, import it here; to change a version, use "go get" in this
// folder. Then, from the root of the repository:
//
//	make deps
package catalogue

import (
	_ "github.com/alicebob/miniredis/v2"
	_ "github.com/coreos/go-oidc/v3/oidc"
	_ "github.com/danielgtaylor/huma/v2"
	_ "github.com/danielgtaylor/huma/v2/adapters/humago"
	_ "github.com/danielgtaylor/huma/v2/humatest"
	_ "github.com/fergusstrange/embedded-postgres"
	_ "github.com/google/go-cmp/cmp"
	_ "github.com/google/go-cmp/cmp/cmpopts"
	_ "github.com/hibiken/asynq"
	_ "github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/pgtype"
	_ "github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/pressly/goose/v3"
	_ "github.com/pressly/goose/v3/database"
	_ "github.com/pressly/goose/v3/lock"
	_ "github.com/redis/go-redis/v9"
	_ "github.com/redis/go-redis/v9/logging"
	_ "github.com/redis/go-redis/v9/maintnotifications"
	_ "github.com/riverqueue/river"
	_ "github.com/riverqueue/river/riverdriver/riverpgxv5"
	_ "github.com/riverqueue/river/rivermigrate"
	_ "github.com/riverqueue/river/rivertest"
	_ "github.com/riverqueue/river/rivertype"
	_ "go.uber.org/goleak"
	_ "golang.org/x/crypto/argon2"
	_ "golang.org/x/oauth2"
	_ "golang.org/x/sync/errgroup"
	_ "golang.org/x/sync/singleflight"
	_ "golang.org/x/text/unicode/norm"
)
