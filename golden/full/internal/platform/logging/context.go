package logging

import (
	"context"
	"log/slog"
	"regexp"
	"slices"
)

type contextKey struct{}

// carried is what a context holds for the lines that are logged with it.
type carried struct {
	requestID string
	trace     string
	attrs     []slog.Attr
}

// With returns a context whose log lines carry attrs, after those that ctx has already.
func With(ctx context.Context, attrs ...slog.Attr) context.Context {
	c, _ := ctx.Value(contextKey{}).(carried)
	c.attrs = append(slices.Clip(c.attrs), attrs...)
	return context.WithValue(ctx, contextKey{}, c)
}

// WithRequestID returns a context whose log lines carry request_id. What a request causes later carries the same.
func WithRequestID(ctx context.Context, id string) context.Context {
	c, _ := ctx.Value(contextKey{}).(carried)
	c.requestID = id
	return context.WithValue(ctx, contextKey{}, c)
}

// traceparent is the form of the header of W3C Trace Context.
var traceparent = regexp.MustCompile(`^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$`)

// WithTrace returns a context that belongs to the trace of a traceparent, as W3C Trace Context writes it; its log lines carry
// trace_id. What is not of that form changes nothing: it comes from outside.
func WithTrace(ctx context.Context, parent string) context.Context {
	if parent == "" || !traceparent.MatchString(parent) {
		return ctx
	}
	c, _ := ctx.Value(contextKey{}).(carried)
	c.trace = parent
	return context.WithValue(ctx, contextKey{}, c)
}

// Trace returns the traceparent that WithTrace put into ctx, or "".
func Trace(ctx context.Context) string {
	c, _ := ctx.Value(contextKey{}).(carried)
	return c.trace
}

// RequestID returns the id that WithRequestID put into ctx, or "".
func RequestID(ctx context.Context) string {
	c, _ := ctx.Value(contextKey{}).(carried)
	return c.requestID
}
