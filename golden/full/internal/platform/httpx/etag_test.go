package httpx_test

import (
	"errors"
	"net/http"
	"testing"

	"example.com/myapp/internal/platform/httpx"
)

func TestIfMatchNamesAVersion(t *testing.T) {
	for header, want := range map[string]int64{httpx.ETag(1): 1, httpx.ETag(1 << 60): 1 << 60, ` "7" `: 7, "*": 0} {
		if got, err := httpx.IfMatch(header); err != nil || got != want {
			t.Errorf("IfMatch(%s) = %d, %v, want %d", header, got, err, want)
		}
	}
}

func TestIfMatchRefusesWhatNoETagOfOursIs(t *testing.T) {
	for header, want := range map[string]int{
		"": http.StatusPreconditionRequired, " ": http.StatusPreconditionRequired,
		"7": http.StatusPreconditionFailed, `W/"7"`: http.StatusPreconditionFailed, `"x"`: http.StatusPreconditionFailed,
		`"0"`: http.StatusPreconditionFailed, `"-1"`: http.StatusPreconditionFailed, `"07"`: http.StatusPreconditionFailed,
		`"1", "2"`: http.StatusPreconditionFailed, "`7`": http.StatusPreconditionFailed, "'7'": http.StatusPreconditionFailed,
	} {
		_, err := httpx.IfMatch(header)
		var problem *httpx.Problem
		if !errors.As(err, &problem) || problem.Status != want {
			t.Errorf("IfMatch(%q) is refused with %v, want status %d", header, err, want)
		}
	}
}
