package redis_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/redis"
)

func TestARedisThatDoesNotAnswerIsAskedOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := redis.NewOptional(nil)
		asked, down := 0, true
		ask := func(ctx context.Context, _ *redis.Client) error {
			asked++
			if down {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		}
		var got []int
		for range 3 {
			for range 100 {
				if err := o.Ask(t.Context(), ask); err == nil {
					t.Error("a failure is no error")
				}
			}
			got = append(got, asked)
			time.Sleep(time.Second)
		}
		down = false
		for range 100 {
			if err := o.Ask(t.Context(), ask); err != nil {
				t.Errorf("when it is back: %v", err)
			}
		}
		if diff := cmp.Diff([]int{1, 2, 3, 103}, append(got, asked)); diff != "" {
			t.Errorf("asked (-want +got):\n%s", diff)
		}
	})
}

func TestOfThoseWhoWaitOneFindsOutWhetherRedisIsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := redis.NewOptional(nil)
		broken := errors.New("broken")
		_ = o.Ask(t.Context(), func(context.Context, *redis.Client) error { return broken })
		time.Sleep(time.Second)
		asked := make(chan bool, 50)
		for range 50 {
			go func() {
				_ = o.Ask(t.Context(), func(ctx context.Context, _ *redis.Client) error {
					asked <- true
					<-ctx.Done()
					return ctx.Err()
				})
			}()
		}
		synctest.Wait()
		if len(asked) != 1 {
			t.Errorf("%d asked, want one for all", len(asked))
		}
		time.Sleep(time.Second)
	})
}

func TestWhoDoesNotWaitDoesNotSayThatRedisIsAway(t *testing.T) {
	o := redis.NewOptional(nil)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	asked := 0
	ask := func(ctx context.Context, _ *redis.Client) error { asked++; return ctx.Err() }
	_, _ = o.Ask(gone, ask), o.Ask(t.Context(), ask)
	if asked != 2 {
		t.Errorf("asked %d times, want 2", asked)
	}
}
