package billing

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"example.com/myapp/internal/platform/httpx"
)

// routeMarkPaid adds the route of MarkPaid.
func (s *Service) routeMarkPaid(api *httpx.API) {
	httpx.Register(api, httpx.Operation{
		Operation: huma.Operation{
			OperationID: "billing-mark-paid", Summary: "Mark paid", Tags: []string{"billing"},
			Method: http.MethodPost, Path: onePath + "/mark-paid",
			Errors: []int{http.StatusNotFound, http.StatusPreconditionFailed, http.StatusPreconditionRequired},
		},
		Access: httpx.Needs(MarkPaid),
		Audit:  "billing.mark_paid",
	}, s.markPaid)
}

type markPaidInput struct {
	ID InvoiceID `path:"id"`

	IfMatch string `header:"If-Match" doc:"The ETag that was read; * is any"`
}

func (s *Service) markPaid(ctx context.Context, in *markPaidInput) (*output, error) {
	version, err := httpx.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	row, err := s.MarkPaid(ctx, MarkPaidRequest{ID: in.ID, Version: version})
	return &output{ETag: httpx.ETag(row.Version), Body: row}, err
}
