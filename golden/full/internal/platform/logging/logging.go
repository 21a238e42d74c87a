// Package logging sets up log/slog and joins the lines of one request.
//
// New gives the logger that the composition root hands down. With and WithRequestID put attributes into a context; every
// line that is logged with that context (InfoContext and its like) carries them. JSON in production, text in development.
package logging

import (
	"context"
	"io"
	"log/slog"
)

// Options says how lines are written.
type Options struct {
	// Level is the least level that is written.
	Level slog.Level

	// Text writes lines for people instead of JSON.
	Text bool
}

// New returns a logger that writes to w, one line a record.
func New(w io.Writer, o Options) *slog.Logger {
	options := &slog.HandlerOptions{Level: o.Level}
	if o.Text {
		return slog.New(handler{slog.NewTextHandler(w, options)})
	}
	return slog.New(handler{slog.NewJSONHandler(w, options)})
}

// handler adds what the context carries to each record, and hides secrets.
type handler struct {
	slog.Handler
}

func (h handler) Handle(ctx context.Context, r slog.Record) error {
	if carried, ok := ctx.Value(contextKey{}).(carried); ok {
		if carried.requestID != "" {
			r.AddAttrs(slog.String("request_id", carried.requestID))
		}
		if carried.trace != "" {
			r.AddAttrs(slog.String("trace_id", traceparent.FindStringSubmatch(carried.trace)[1]))
		}
		r.AddAttrs(carried.attrs...)
	}
	return h.Handler.Handle(ctx, redacted(r))
}

func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.Handler.WithAttrs(redactedAttrs(attrs))}
}

func (h handler) WithGroup(name string) slog.Handler {
	return handler{h.Handler.WithGroup(name)}
}
