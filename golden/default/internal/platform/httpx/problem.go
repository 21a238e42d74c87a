package httpx

import (
	"net/http"
	"strings"
)

// Problem is an error as a client sees it: a problem detail of RFC 9457. It is an error, so that a handler can return it.
//
// Type is always about:blank, by which Title and Status have their HTTP meaning. What a program branches on is Code.
type Problem struct {
	// Type is about:blank.
	Type string `json:"type" doc:"Always about:blank: what happened is said by code"`

	// Title is the text of the status.
	Title string `json:"title" doc:"The text of the HTTP status"`

	// Status is the HTTP status.
	Status int `json:"status" doc:"The HTTP status"`

	// Detail is a sentence for people about this occurrence.
	Detail string `json:"detail,omitempty" doc:"A sentence for people about this occurrence"`

	// Code is what a program branches on. It never changes once it is published.
	Code string `json:"code" doc:"What a program branches on; it does not change"`

	// RequestID finds the request in the logs. It is filled in when the problem is written.
	RequestID string `json:"request_id,omitempty" doc:"Finds the request in the logs"`

	// Errors are the single faults of the request.
	Errors []Fault `json:"errors,omitempty" nullable:"false" doc:"The single faults of the request"`
}

// Fault is one fault of a request.
type Fault struct {
	// Location is where it is: body.name, query.limit, path.id.
	Location string `json:"location,omitempty" doc:"Where the fault is: body.name, query.limit, path.id"`

	// Message is a sentence for people.
	Message string `json:"message" doc:"A sentence for people"`
}

// StatusClientClosed is what the access log shows for a client that did not wait for the answer. Nobody receives it.
const StatusClientClosed = 499

// NewProblem returns a problem. Code names what happened in snake_case: "order_not_found".
func NewProblem(status int, code, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: detail}
}

// statusProblem returns the problem that says no more than its status: 404 has the code not_found.
func statusProblem(status int) *Problem {
	code := strings.ReplaceAll(strings.ToLower(http.StatusText(status)), " ", "_")
	return NewProblem(status, code, "")
}

// internalProblem returns what a client is told when the server is at fault: nothing about the inside.
func internalProblem(status int) *Problem {
	p := statusProblem(status)
	p.Detail = "this is our fault; the request_id finds it in our logs"
	return p
}

// Error implements error.
func (p *Problem) Error() string {
	if p.Detail == "" {
		return p.Code
	}
	return p.Code + ": " + p.Detail
}

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int {
	return p.Status
}

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string {
	return problemType
}
