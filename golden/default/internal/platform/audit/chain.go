package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
)

// pageSize is how many entries are held at once.
const pageSize = 500

// Head is the last entry of a chain. It is kept outside of the database, so that a chain that was cut or written anew is found.
type Head struct {
	// Tenant is whose chain it is; all zeros is that of no tenant.
	Tenant id.UUID `json:"tenant"`
	Seq    int64   `json:"seq"`
	Hash   []byte  `json:"hash"`
}

// row is an entry as it is stored.
type row struct {
	Tenant    id.UUID
	Seq       int64
	At        time.Time
	Actor     []byte
	Action    string
	Outcome   string
	Subject   string
	Details   string
	Personal  []byte
	RequestID string
	Previous  []byte
	Hash      []byte
}

// digest is audit.digest of the migrations.
func (r row) digest() []byte {
	h := sha256.New()
	for _, field := range [][]byte{
		r.Tenant[:], []byte(strconv.FormatInt(r.Seq, 10)), r.Previous, []byte(strconv.FormatInt(r.At.UnixMicro(), 10)),
		r.Actor, []byte(r.Action), []byte(r.Outcome), []byte(r.Subject), []byte(r.Details), r.Personal, []byte(r.RequestID),
	} {
		h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(field)))) //nolint:gosec // a field is far below 4 GB
		h.Write(field)
	}
	return h.Sum(nil)
}

// Heads returns the head of every chain.
func Heads(ctx context.Context, d *db.DB) ([]Head, error) {
	heads, err := db.All[Head](ctx, across(d), `select tenant_id as tenant, seq, hash from audit.heads order by tenant_id`)
	if err != nil {
		return nil, fmt.Errorf("list the heads of the audit log: %w", err)
	}
	return heads, nil
}

// Chains returns the tenant of every chain of which there is a head or an entry.
func Chains(ctx context.Context, d *db.DB) ([]id.UUID, error) {
	const list = `select tenant_id as tenant from audit.heads union select tenant_id from audit.entries order by 1`
	chains, err := db.All[struct{ Tenant id.UUID }](ctx, across(d), list)
	if err != nil {
		return nil, fmt.Errorf("list the chains of the audit log: %w", err)
	}
	var tenants []id.UUID
	for _, c := range chains {
		tenants = append(tenants, c.Tenant)
	}
	return tenants, nil
}

// across sees all chains: who verifies, and who reads, is no tenant.
func across(d *db.DB) *db.DB {
	return db.AcrossTenants(d, "verify and read the audit log")
}

// Verify walks a chain from its first entry to its head, as they are now, and returns what is wrong with the first entry that
// is not as it was recorded, or "". The anchors are heads of this chain that were kept. Entries that are appended meanwhile
// are not looked at.
func Verify(ctx context.Context, d *db.DB, tenant id.UUID, anchors []Head) (wrong string, err error) {
	head, err := db.One[Head](ctx, across(d), `select tenant_id as tenant, seq, hash from audit.heads where tenant_id = $1`, chain(tenant))
	if db.NotFound(err) {
		head, err = Head{Tenant: tenant}, nil
	}
	if err != nil {
		return "", fmt.Errorf("read the head of the audit log: %w", err)
	}
	w := walk{last: Head{Tenant: tenant}, anchors: anchors}
	for last := int64(-1); w.wrong == "" && last != w.last.Seq; {
		last = w.last.Seq
		if err := w.page(ctx, d, head.Seq); err != nil {
			return "", fmt.Errorf("read the audit log: %w", err)
		}
	}
	if w.wrong == "" {
		w.end(head)
	}
	if w.wrong == "" {
		if err := w.beyond(ctx, d); err != nil {
			return "", fmt.Errorf("read the audit log: %w", err)
		}
	}
	if w.wrong == "" {
		w.anchored()
	}
	return w.wrong, nil
}

// walk is how far the verification came.
type walk struct {
	last    Head
	anchors []Head
	wrong   string
}

const columns = `tenant_id::text, seq, at, uuid_send(actor_id), action, outcome, subject, details::text, personal, request_id, previous, hash`

// page looks at the entries that follow, up to seq.
func (w *walk) page(ctx context.Context, d *db.DB, seq int64) error {
	return across(d).Read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `select `+columns+` from audit.entries
			where tenant_id = $1 and seq > $2 and seq <= $3 order by seq limit $4`, chain(w.last.Tenant), w.last.Seq, seq, pageSize)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() && w.wrong == "" {
			r, err := pgx.RowToStructByPos[row](rows)
			if err != nil {
				return err
			}
			w.look(r)
		}
		return rows.Err()
	})
}

// look compares an entry with the one before, with itself, and with what was kept of it.
func (w *walk) look(r row) {
	switch {
	case r.Seq > w.last.Seq+1:
		w.says(w.last.Seq+1, "is missing")
	case r.Seq <= w.last.Seq:
		w.says(r.Seq, "was inserted: it is there twice")
	case !bytes.Equal(r.Hash, r.digest()):
		w.says(r.Seq, "was edited")
	case !bytes.Equal(r.Previous, w.last.Hash):
		w.says(r.Seq, "was replaced or inserted: it does not follow the one before")
	}
	w.last.Seq, w.last.Hash = r.Seq, r.Hash
	for _, a := range w.anchors {
		if w.wrong == "" && a.Seq == r.Seq && !bytes.Equal(a.Hash, r.Hash) {
			w.says(r.Seq, "is another one than was anchored: the chain was written anew")
		}
	}
}

// end compares where the walk ended with the head.
func (w *walk) end(head Head) {
	switch {
	case w.last.Seq < head.Seq:
		w.says(w.last.Seq+1, fmt.Sprintf("is missing: the head is entry %d", head.Seq))
	case !bytes.Equal(w.last.Hash, head.Hash):
		w.says(w.last.Seq, "is not what the head says")
	}
}

// anchored looks for a head that was kept and is not there any longer.
func (w *walk) anchored() {
	for _, a := range w.anchors {
		if w.wrong == "" && a.Seq > w.last.Seq {
			w.says(w.last.Seq+1, fmt.Sprintf("is missing: entry %d was anchored", a.Seq))
		}
	}
}

// beyond looks for an entry that the head knows nothing of. Both are read at one moment, since others append.
func (w *walk) beyond(ctx context.Context, d *db.DB) error {
	const find = `
		select coalesce(min(seq), 0) as seq from audit.entries
		where tenant_id = $1 and seq > coalesce((select seq from audit.heads where tenant_id = $1), 0)`
	found, err := db.One[struct{ Seq int64 }](ctx, across(d), find, chain(w.last.Tenant))
	if err == nil && found.Seq > 0 {
		w.says(found.Seq, "was inserted: it is after the head")
	}
	return err
}

func (w *walk) says(seq int64, what string) {
	w.wrong = fmt.Sprintf("chain %s: entry %d %s", w.last.Tenant, seq, what)
}

// chain is the tenant as text: an id that is all zeros is refused as a parameter, and here it has a meaning.
func chain(tenant id.UUID) string {
	return tenant.String()
}
