package asynqengine

import (
	"context"
	"errors"
	"fmt"

	"github.com/hibiken/asynq"

	"example.com/myapp/internal/platform/jobs"
)

// second ends the id of a task beside one that is active although nobody runs its job: the process died that had it. asynq
// finds that out after a minute or more, and lets nobody touch the task before.
const second = "~"

// Push makes a pending task of t, unless Redis has one with its id that is still to be delivered.
func (e *Engine) Push(ctx context.Context, t jobs.Task) error {
	err := e.enqueue(ctx, e.client, t)
	if errors.Is(err, asynq.ErrTaskIDConflict) {
		return e.replace(ctx, t)
	}
	return err
}

func (e *Engine) enqueue(ctx context.Context, client *asynq.Client, t jobs.Task) error {
	_, err := client.EnqueueContext(ctx, asynq.NewTask(t.Kind, nil),
		asynq.TaskID(t.ID),
		asynq.Queue(e.queue(t.Queue)),
		asynq.Timeout(t.Timeout+slack),
		asynq.MaxRetry(deliveries),
		asynq.Retention(retention),
	)
	return err
}

// replace is for a task whose id Redis knows. asynq keeps the id of a task that was delivered for the time of retention,
// and that of an archived one for months: as the job is not done, such a task only stands in the way.
func (e *Engine) replace(ctx context.Context, t jobs.Task) error {
	// asynq's client tells Redis the name of a queue once, and FLUSHALL takes it away; then the inspector finds no such
	// queue. A new client tells it again.
	err := e.enqueue(ctx, asynq.NewClientFromRedisClient(e.redis), t)
	if !errors.Is(err, asynq.ErrTaskIDConflict) {
		return err
	}
	info, err := e.inspector.GetTaskInfo(e.queue(t.Queue), t.ID)
	if err != nil && !errors.Is(err, asynq.ErrTaskNotFound) {
		return fmt.Errorf("look at the task: %w", err)
	}
	switch {
	case err != nil:
	case info.State == asynq.TaskStateActive:
		t.ID += second
		return e.unlessThere(ctx, t)
	case info.State != asynq.TaskStateCompleted && info.State != asynq.TaskStateArchived:
		return nil
	}
	err = e.inspector.DeleteTask(e.queue(t.Queue), t.ID)
	if err != nil && !errors.Is(err, asynq.ErrTaskNotFound) {
		return fmt.Errorf("delete the old task: %w", err)
	}
	return e.unlessThere(ctx, t)
}

// unlessThere enqueues t, unless another relay was faster.
func (e *Engine) unlessThere(ctx context.Context, t jobs.Task) error {
	err := e.enqueue(ctx, e.client, t)
	if errors.Is(err, asynq.ErrTaskIDConflict) {
		return nil
	}
	return err
}
