package forge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// apiVersion pins the meaning of every route that is called here.
// https://docs.github.com/en/rest/about-the-rest-api/api-versions
const apiVersion = "2022-11-28"

// GitHub is a thin client: the dozen routes that a push needs.
type GitHub struct {
	Server Server
	Token  Token
	// Wait waits before a call is made again, and may say why.
	Wait func(ctx context.Context, d time.Duration, why string) error
}

// client never follows to another server, which would see what we ask for.
var client = &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(req *http.Request, via []*http.Request) error {
	if len(via) > 3 || req.URL.Host != via[0].URL.Host || req.URL.Scheme != via[0].URL.Scheme {
		return errors.New("it redirects to " + req.URL.Host)
	}
	return nil
}}

// Refusal is an answer of GitHub that is no success.
type Refusal struct {
	Status  int
	Message string // GitHub's own words
	call    string
}

func (e *Refusal) Error() string { return fmt.Sprintf("%s: %d %s", e.call, e.Status, e.Message) }

// Status returns the status of a Refusal, or 0.
func Status(err error) int {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Status
	}
	return 0
}

// UnreachableError says that GitHub gave no answer at all.
type UnreachableError struct{ Err error }

func (e *UnreachableError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *UnreachableError) Unwrap() error { return e.Err }

// Temporary says whether the same thing may go well a little later.
func Temporary(err error) bool {
	var none *UnreachableError
	return Status(err) >= 500 || errors.As(err, &none)
}

// call is one request.
type call struct {
	method, path string
	body, into   any
}

// do makes a call, again after what passes by itself, and returns the header of
// the answer. A POST that may have been carried out is not made again: its
// caller looks first.
func (g *GitHub) do(ctx context.Context, c call) (http.Header, error) {
	for attempt := 0; ; attempt++ {
		a, err := g.once(ctx, c)
		if err == nil {
			err = a.refusal(c)
		}
		if err == nil {
			return a.header, a.decode(c.into)
		}
		d, why := pause(c.method, a, err, attempt)
		if d == 0 || ctx.Err() != nil {
			return a.header, err
		}
		if d > patience {
			return a.header, &LimitError{time.Now().Add(d)}
		}
		if err := g.Wait(ctx, d, why); err != nil {
			return a.header, err
		}
	}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (g *GitHub) once(ctx context.Context, c call) (answer, error) {
	var body io.Reader
	if c.body != nil {
		b, err := json.Marshal(c.body)
		if err != nil {
			return answer{}, err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, c.method, g.Server.API+c.path, body)
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Authorization", "Bearer "+g.Token.reveal())
	req.Header.Set("Accept", "application/vnd.github+json")
	req.Header.Set("X-GitHub-Api-Version", apiVersion)
	req.Header.Set("User-Agent", "startkit")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := client.Do(req)
	if err != nil {
		return answer{}, unreachable(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 8<<20))
	if err != nil {
		return answer{}, unreachable(err)
	}
	return answer{res.StatusCode, res.Header, b}, nil
}

// unreachable leaves the words of the network and drops the address, which the
// caller knows.
func unreachable(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return &UnreachableError{op}
	}
	return &UnreachableError{err}
}

func (a answer) refusal(c call) error {
	if a.status < 300 {
		return nil
	}
	var said struct {
		Message string
		Errors  []struct{ Message string }
	}
	_ = json.Unmarshal(a.body, &said)
	words := []string{said.Message}
	for _, e := range said.Errors {
		words = append(words, e.Message)
	}
	message := strings.Trim(strings.Join(words, "; "), "; .")
	if message == "" {
		message = strings.ToLower(http.StatusText(a.status))
	}
	return &Refusal{a.status, message, c.method + " " + c.path}
}

func (a answer) decode(into any) error {
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(a.body, into); err != nil {
		return fmt.Errorf("read GitHub's answer: %w", err)
	}
	return nil
}
