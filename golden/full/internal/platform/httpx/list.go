package httpx

import "context"

// List is all of a list.
type List[T any] struct {
	Items []T `json:"items" nullable:"false"`
}

// All handles the request for a list by what finds all of it.
func All[T any](find func(context.Context) ([]T, error)) func(context.Context, *struct{}) (*struct{ Body List[T] }, error) {
	return func(ctx context.Context, _ *struct{}) (*struct{ Body List[T] }, error) {
		found, err := find(ctx)
		return &struct{ Body List[T] }{List[T]{append([]T{}, found...)}}, err
	}
}

// Page handles the request for a page of a list by what finds it.
func Page[R, P any](find func(context.Context, R) (P, error)) func(context.Context, *R) (*struct{ Body P }, error) {
	return func(ctx context.Context, r *R) (*struct{ Body P }, error) {
		found, err := find(ctx, *r)
		return &struct{ Body P }{found}, err
	}
}
