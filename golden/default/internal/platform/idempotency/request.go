package idempotency

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"regexp"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/httpx"
)

// header is the one that draft-ietf-httpapi-idempotency-key-header names.
const header = "Idempotency-Key"

// claim is a request and the right to do it.
type claim struct {
	// id is whose key it is and what for; request is all that must be the same when it comes again. Both are of the key, too, which is
	// not stored: whoever reads the database cannot try what was sent, such as a password.
	id      []byte
	request []byte

	// attempt is the fencing token.
	attempt int64
}

// read reads all of r, and leaves its body to be read again.
func read(r *http.Request) (*claim, error) {
	keys := r.Header[header]
	if len(keys) != 1 || !sane.MatchString(keys[0]) {
		return nil, httpx.NewProblem(http.StatusBadRequest, "idempotency_key_invalid",
			"the Idempotency-Key is one, of 1 to 128 visible ASCII characters")
	}
	body, err := io.ReadAll(r.Body)
	if _, tooLong := errors.AsType[*http.MaxBytesError](err); tooLong {
		return nil, httpx.NewProblem(http.StatusRequestEntityTooLarge, "request_entity_too_large", "")
	}
	if err != nil {
		return nil, httpx.NewProblem(http.StatusBadRequest, "bad_request", "the body could not be read")
	}
	r.Body = io.NopCloser(bytes.NewReader(body))

	who := authz.From(r.Context())
	method, path := []byte(r.Method), []byte(r.URL.EscapedPath())
	return &claim{
		id:      digest(who.Tenant[:], []byte(who.Kind), who.ID[:], method, path, []byte(keys[0])),
		request: digest([]byte(keys[0]), method, path, []byte(r.URL.RawQuery), []byte(r.Header.Get("If-Match")), body),
	}, nil
}

// sane is a key of visible ASCII characters, 128 at most.
var sane = regexp.MustCompile(`^[!-~]{1,128}$`)

// digest is of each field with its length, so that no two lists of fields are the same bytes.
func digest(fields ...[]byte) []byte {
	h := sha256.New()
	for _, field := range fields {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(field))))
		h.Write(field)
	}
	return h.Sum(nil)
}
