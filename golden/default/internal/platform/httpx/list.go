package httpx

import "context"

// Items is the answer with a list.
type Items[T any] struct {
	Body List[T]
}

// List is all of a list.
type List[T any] struct {
	Items []T `json:"items" nullable:"false"`
}

// All handles the request for a list by what finds all of it.
func All[T any](find func(context.Context) ([]T, error)) func(context.Context, *struct{}) (*Items[T], error) {
	return func(ctx context.Context, _ *struct{}) (*Items[T], error) {
		found, err := find(ctx)
		return &Items[T]{List[T]{append([]T{}, found...)}}, err
	}
}
