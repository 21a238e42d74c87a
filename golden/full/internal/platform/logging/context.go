package logging

import (
	"context"
	"log/slog"
	"slices"
)

type contextKey struct{}

// carried is what a context holds for the lines that are logged with it.
type carried struct {
	requestID string
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

// RequestID returns the id that WithRequestID put into ctx, or "".
func RequestID(ctx context.Context) string {
	c, _ := ctx.Value(contextKey{}).(carried)
	return c.requestID
}
