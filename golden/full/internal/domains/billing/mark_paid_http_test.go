package billing_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/domains/billing"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/httpx/httpxtest"
)

func TestMarkPaidIsDoneOnceAndForWhoMay(t *testing.T) {
	database, c := start(t)
	home := authz.From(billing.Acting(t.Context())).Tenant
	may, mayNot := c.As(billing.ActingIn(t.Context(), home, billing.MarkPaid)), c
	row, want := create(t, c, "first")
	at, absent := row+"/mark-paid", row[:len(row)-4]+"0000/mark-paid"

	c.Refused("by nobody", c.As(t.Context()).Do("POST", at, "", 1), 401, "unauthenticated")
	c.Refused("by who may not", mayNot.Do("POST", at, "", 1), 403, "permission_denied")
	c.Refused("without If-Match", may.Do("POST", at, "", 0), 428, "precondition_required")
	c.Refused("of what is no id", may.Do("POST", path+"/7/mark-paid", "", 1), 422, "unprocessable_entity")
	c.Refused("of what is not there", may.Do("POST", absent, "", 1), 404, "invoice_not_found")

	w := may.Do("POST", at, "", 1)
	got := httpxtest.Decode[billing.Invoice](t, w)
	want.Version, want.UpdatedAt = 2, got.UpdatedAt
	if w.Code != http.StatusOK || got != want || w.Header().Get("ETag") != `"2"` {
		t.Errorf("%d with ETag %s: %+v, want %+v", w.Code, w.Header().Get("ETag"), got, want)
	}
	c.Refused("again for the same version", may.Do("POST", at, "", 1), 412, "precondition_failed")

	entries := []string{"billing.invoice_created", "billing.mark_paid"}
	if diff := cmp.Diff(entries, audited(t, database, want.ID)); diff != "" {
		t.Errorf("audit log (-want +got):\n%s", diff)
	}
}
