package billing

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"example.com/myapp/internal/platform/httpx"
)

// The paths of all, and of one.
const (
	allPath = "/v1/billing/invoices"
	onePath = allPath + "/{id}"
)

// Routes adds the routes of the domain to api.
func (s *Service) Routes(api *httpx.API) {
	tags := []string{"billing"}
	httpx.Register(api, httpx.Operation{
		Operation: huma.Operation{
			OperationID: "create-invoice", Summary: "Create invoice", Tags: tags,
			Method: http.MethodPost, Path: allPath, DefaultStatus: http.StatusCreated,
		},
		Access: httpx.Needs(Write),
		Audit:  "billing.invoice_created",
	}, s.create)
	httpx.Register(api, httpx.Operation{
		Operation: huma.Operation{
			OperationID: "get-invoice", Summary: "Get invoice", Tags: tags,
			Method: http.MethodGet, Path: onePath, Errors: []int{http.StatusNotFound},
		},
		Access: httpx.Needs(Read),
	}, s.get)
	httpx.Register(api, httpx.Operation{
		Operation: huma.Operation{
			OperationID: "list-invoices", Summary: "List invoices, newest first", Tags: tags,
			Method: http.MethodGet, Path: allPath,
		},
		Access: httpx.Needs(Read),
	}, httpx.Page(s.List))
	httpx.Register(api, httpx.Operation{
		Operation: huma.Operation{
			OperationID: "update-invoice", Summary: "Update invoice", Tags: tags,
			Method: http.MethodPut, Path: onePath,
			Errors: []int{http.StatusNotFound, http.StatusPreconditionFailed, http.StatusPreconditionRequired},
		},
		Access: httpx.Needs(Write),
		Audit:  "billing.invoice_updated",
	}, s.update)
	httpx.Register(api, httpx.Operation{
		Operation: huma.Operation{
			OperationID: "delete-invoice", Summary: "Delete invoice", Tags: tags,
			Method: http.MethodDelete, Path: onePath, DefaultStatus: http.StatusNoContent,
			Errors: []int{http.StatusNotFound, http.StatusPreconditionFailed},
		},
		Access: httpx.Needs(Write),
		Audit:  "billing.invoice_deleted",
	}, s.delete)
	s.routeMarkPaid(api)

	api.Refuse(
		httpx.Refusal{Err: ErrNotFound, Status: http.StatusNotFound, Code: "invoice_not_found"},
		httpx.Refusal{Err: ErrStale, Status: http.StatusPreconditionFailed, Code: "precondition_failed"},
		httpx.Refusal{Err: ErrName, Status: http.StatusUnprocessableEntity, Code: "invoice_name_invalid", Field: "body.name"},
	)
}

// output shows one, and its version as ETag.
type output struct {
	Location string `header:"Location" doc:"Where it is, after its creation"`
	ETag     string `header:"ETag" doc:"Its version, for If-Match"`

	Body Invoice
}

type createInput struct {
	Body InvoiceFields
}

func (s *Service) create(ctx context.Context, in *createInput) (*output, error) {
	created, err := s.Create(ctx, CreateRequest{in.Body})
	location := allPath + "/" + created.ID.String()
	return &output{Location: location, ETag: httpx.ETag(created.Version), Body: created}, err
}

type getInput struct {
	ID InvoiceID `path:"id"`
}

func (s *Service) get(ctx context.Context, in *getInput) (*output, error) {
	found, err := s.Get(ctx, GetRequest{ID: in.ID})
	return &output{ETag: httpx.ETag(found.Version), Body: found}, err
}

type updateInput struct {
	ID InvoiceID `path:"id"`

	IfMatch string `header:"If-Match" doc:"The ETag that was read; * is any"`

	Body InvoiceFields
}

func (s *Service) update(ctx context.Context, in *updateInput) (*output, error) {
	version, err := httpx.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	updated, err := s.Update(ctx, UpdateRequest{ID: in.ID, Version: version, InvoiceFields: in.Body})
	return &output{ETag: httpx.ETag(updated.Version), Body: updated}, err
}

type deleteInput struct {
	ID InvoiceID `path:"id"`

	IfMatch string `header:"If-Match" default:"*" doc:"The ETag that was read; * is any"`
}

func (s *Service) delete(ctx context.Context, in *deleteInput) (*struct{}, error) {
	version, err := httpx.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	_, err = s.Delete(ctx, DeleteRequest{ID: in.ID, Version: version})
	return nil, err
}
