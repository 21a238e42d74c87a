package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"time"

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
	Tenant id.UUID
	Seq    int64
	At     time.Time

	Action, Outcome, Subject, Details, RequestID string

	Actor, Personal, Previous, Hash []byte
}

// entries are those of a chain that follow one, up to another. Two of one number, which nobody but the owner of the tables can
// make, are never on two pages.
const entries = `
	select tenant_id as tenant, seq, at, uuid_send(actor_id) as actor, action, outcome, subject, details::text as details,
		personal, request_id, previous, hash
	from audit.entries where tenant_id = $1 and seq > $2 and seq <= $3 order by seq fetch first $4 rows with ties`

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
	// The head, and the first entry that it knows nothing of, at one moment: others append.
	const find = `
		select coalesce(h.seq, 0) as seq, coalesce(h.hash, '') as hash, coalesce((select min(e.seq) from audit.entries e
			where e.tenant_id = t.id and e.seq > coalesce(h.seq, 0)), 0) as beyond
		from (select $1::uuid) t (id) left join audit.heads h on h.tenant_id = t.id`
	head, err := db.One[struct {
		Seq, Beyond int64
		Hash        []byte
	}](ctx, across(d), find, tenant.String())
	if err != nil {
		return "", fmt.Errorf("read the head of the audit log: %w", err)
	}
	w := walk{last: Head{Tenant: tenant}, anchors: anchors}
	for full := true; full && w.wrong == ""; {
		page, err := db.All[row](ctx, across(d), entries, tenant.String(), w.last.Seq, head.Seq, pageSize)
		if err != nil {
			return "", fmt.Errorf("read the audit log: %w", err)
		}
		for _, r := range page {
			w.look(r)
		}
		full = len(page) >= pageSize
	}
	switch {
	case w.last.Seq < head.Seq:
		w.says(w.last.Seq+1, fmt.Sprintf("is missing: the head is entry %d", head.Seq))
	case !bytes.Equal(w.last.Hash, head.Hash):
		w.says(w.last.Seq, "is not what the head says")
	case head.Beyond > 0:
		w.says(head.Beyond, "was inserted: it is after the head")
	}
	for _, a := range anchors {
		if a.Seq > w.last.Seq {
			w.says(w.last.Seq+1, fmt.Sprintf("is missing: entry %d was anchored", a.Seq))
		}
	}
	return w.wrong, nil
}

// walk is how far the verification came.
type walk struct {
	last    Head
	anchors []Head
	wrong   string
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
		if a.Seq == r.Seq && !bytes.Equal(a.Hash, r.Hash) {
			w.says(r.Seq, "is another one than was anchored: the chain was written anew")
		}
	}
}

// says notes what is wrong, unless something is already: what follows from it is of no interest.
func (w *walk) says(seq int64, what string) {
	if w.wrong == "" {
		w.wrong = fmt.Sprintf("chain %s: entry %d %s", w.last.Tenant, seq, what)
	}
}
