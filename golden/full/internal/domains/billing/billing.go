// Package billing owns invoices: their rules, their table, their routes and their history.
//
// The exported methods of Service are the contract, for the routes in http.go as for other domains. Each is one transaction,
// in which a change and all that follows from it are written, or nothing is. The SQL stands in store.go; it runs as a role that
// can use the schema billing and no other domain's.
package billing

import (
	"context"
	"embed"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/page"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Schema is the part of the database that this domain owns.
func Schema() db.Schema { return db.NewSchema("billing", migrations) }

// The errors of the contract. All others are faults of ours.
var (
	ErrNotFound = errors.New("invoice not found")
	ErrStale    = errors.New("invoice was changed since it was read")
	ErrName     = errors.New("invoice name is not one line of 1 to 200 characters")
)

// InvoiceID identifies one of the invoices.
type InvoiceID = id.ID[invoiceKind]

type invoiceKind struct{}

// Prefix is what the text of an InvoiceID starts with.
func (invoiceKind) Prefix() string { return "invoice" }

// InvoiceFields is what a client may set.
type InvoiceFields struct {
	// Name is one line of 1 to 200 characters. It need not be unique.
	Name string `json:"name" minLength:"1" maxLength:"200" doc:"One line"`
}

// check says which rule f breaks. Postgres would refuse most of it too, with an error that looks like a fault of ours.
func (f InvoiceFields) check() error {
	odd := !utf8.ValidString(f.Name) || strings.ContainsFunc(f.Name, unicode.IsControl) || strings.ContainsAny(f.Name, "\u2028\u2029")
	if odd || strings.TrimSpace(f.Name) == "" || utf8.RuneCountInString(f.Name) > 200 {
		return ErrName
	}
	return nil
}

// Invoice is one of the invoices as it is stored. Its Version is 1 at first and one more after each change.
type Invoice struct {
	ID InvoiceID `json:"id"`

	InvoiceFields

	Version   int64     `json:"version"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Service is the domain at work.
type Service struct {
	db *db.DB

	// purgeAfter is how long a deleted row is kept, in case the deletion was a mistake.
	purgeAfter time.Duration
}

// New returns the domain on its part of the database.
func New(database *db.DB) *Service {
	return &Service{
		db: database.As("billing"),

		purgeAfter: 30 * 24 * time.Hour,
	}
}

// CreateRequest asks for a new one.
type CreateRequest struct {
	InvoiceFields
}

// Create stores a new one, under an ID that is made for it.
func (s *Service) Create(ctx context.Context, r CreateRequest) (created Invoice, err error) {
	if err := authz.Check(ctx, Write); err != nil {
		return Invoice{}, err
	}
	if err := r.check(); err != nil {
		return Invoice{}, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if created, err = insert(ctx, tx, r.InvoiceFields); err != nil {
			return err
		}
		return record(ctx, tx, created.ID, InvoiceCreated{changed(created)})
	})
	return created, err
}

// GetRequest asks for one.
type GetRequest struct {
	ID InvoiceID
}

// Get reads one.
func (s *Service) Get(ctx context.Context, r GetRequest) (Invoice, error) {
	if err := authz.Check(ctx, Read); err != nil {
		return Invoice{}, err
	}
	return get(ctx, s.db, r.ID)
}

// List reads a page, newest first.
func (s *Service) List(ctx context.Context, r page.Request) (page.Page[Invoice], error) {
	if err := authz.Check(ctx, Read); err != nil {
		return page.Page[Invoice]{}, err
	}
	return list(ctx, s.db, r)
}

// UpdateRequest asks to set all fields. Version is the one that was read; 0 changes whichever is there.
type UpdateRequest struct {
	ID      InvoiceID
	Version int64

	InvoiceFields
}

// Update sets the fields of one, unless it was changed since it was read.
func (s *Service) Update(ctx context.Context, r UpdateRequest) (updated Invoice, err error) {
	if err := authz.Check(ctx, Write); err != nil {
		return Invoice{}, err
	}
	if err := r.check(); err != nil {
		return Invoice{}, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if updated, err = update(ctx, tx, r); err != nil {
			return err
		}
		return record(ctx, tx, updated.ID, InvoiceUpdated{changed(updated)})
	})
	return updated, err
}

// DeleteRequest asks for a deletion. Version is the one that was read; 0 deletes whichever is there.
type DeleteRequest struct {
	ID      InvoiceID
	Version int64
}

// Delete hides one from everybody, unless it was changed since it was read, and returns what it was.
func (s *Service) Delete(ctx context.Context, r DeleteRequest) (deleted Invoice, err error) {
	if err := authz.Check(ctx, Write); err != nil {
		return Invoice{}, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if deleted, err = remove(ctx, tx, r); err != nil {
			return err
		}

		if err := jobs.Enqueue(ctx, tx, purgeInvoice{ID: r.ID}, jobs.Kept, jobs.At(time.Now().Add(s.purgeAfter))); err != nil {
			return err
		}

		return record(ctx, tx, deleted.ID, InvoiceDeleted{changed(deleted)})
	})
	return deleted, err
}
