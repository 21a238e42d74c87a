package app

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/logging"
)

func TestTheNewestEntriesAreListedByTenantSubjectAndRequest(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t, schemas()...)
	database, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	tenant, actor := id.New(), id.New()
	record := func(who authz.Principal, request, subject string, details any) {
		ctx := logging.WithRequestID(authz.With(t.Context(), who), request)
		err := database.As("audit").InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
			return audit.Record(ctx, tx, audit.Entry{Action: "orders.order_created", Subject: subject, Details: details})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	record(authz.Principal{Kind: authz.User, ID: actor, Tenant: tenant}, "r1", "order_1", map[string]int{"lines": 2})
	record(authz.System(id.UUID{}), "r2", "order_1", nil)
	record(authz.Principal{Kind: authz.User, ID: actor, Tenant: tenant}, "r3", "order_2", nil)

	first := tenant.String() + " 1 " + actor.String() + ` orders.order_created done order_1 {"lines":2} r1`
	second := id.UUID{}.String() + " 1 - orders.order_created done order_1 null r2"
	third := tenant.String() + " 2 " + actor.String() + " orders.order_created done order_2 null r3"
	environ := working("DATABASE_URL=" + o.URL.Reveal())
	for args, want := range map[string][]string{
		"":                               {third, second, first},
		"--tenant " + tenant.String():    {third, first},
		"--tenant " + id.UUID{}.String(): {second},
		"--subject order_1":              {second, first},
		"--request r3":                   {third},
		"--request r3 --subject order_1": nil,
	} {
		code, stdout, stderr := execute(t, environ, append([]string{"admin", "audit", "ls"}, strings.Fields(args)...)...)
		var got []string
		for i, line := range strings.Split(strings.TrimSpace(stdout), "\n") {
			if fields := strings.Fields(line); i > 0 {
				got = append(got, strings.Join(fields[1:], " ")) // the first is the time
			}
		}
		if diff := cmp.Diff(want, got); diff != "" || code != 0 {
			t.Errorf("audit ls %s ends with %d, prints %s (-want +got):\n%s", args, code, stderr, diff)
		}
	}
	for _, wrong := range []string{"--tenant 7", "--tenant", "--since 1h", "order_1"} {
		if code, _, _ := execute(t, environ, append([]string{"admin", "audit", "ls"}, strings.Fields(wrong)...)...); code != 2 {
			t.Errorf("audit ls %s ends with %d, want 2", wrong, code)
		}
	}
}
