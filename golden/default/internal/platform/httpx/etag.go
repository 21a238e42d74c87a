package httpx

import (
	"net/http"
	"strconv"
	"strings"
)

// ETag returns what the header ETag says about version: its number in quotes.
func ETag(version int64) string {
	return `"` + strconv.FormatInt(version, 10) + `"`
}

// IfMatch returns the version that the header If-Match asks for, or 0 if that is "*", which every version matches. Without the
// header it returns a Problem of status 428, and of status 412 if the header is nothing that ETag writes. A list of several
// is refused, too: no version of ours is two.
func IfMatch(header string) (int64, error) {
	header = strings.TrimSpace(header)
	switch header {
	case "":
		return 0, NewProblem(http.StatusPreconditionRequired, "precondition_required",
			"send the ETag of what you change as If-Match")
	case "*":
		return 0, nil
	}
	version, err := strconv.ParseInt(strings.Trim(header, `"`), 10, 64)
	if err != nil || version < 1 || ETag(version) != header {
		return 0, NewProblem(http.StatusPreconditionFailed, "precondition_failed",
			"it was changed since you read it; read it again")
	}
	return version, nil
}
