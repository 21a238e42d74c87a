package asynqengine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/hibiken/asynq"

	"example.com/myapp/internal/platform/jobs"
)

// second ends the name of a task of a job whose own name is taken.
const second = "~"

// Push makes one pending task of them, by the name of the first.
func (e *Engine) Push(ctx context.Context, tasks []jobs.Task) error {
	err := e.enqueue(ctx, tasks[0].ID, tasks)
	if !errors.Is(err, asynq.ErrTaskIDConflict) {
		return err
	}
	for _, t := range tasks {
		if err := e.pushAgain(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// pushAgain is for a job of which Redis may have a task. One that asynq has put aside, for a while or for months, is made pending
// again. Beside any other one a second is made, once: the process may be dead that had taken it, which asynq finds out in a minute
// or two, and lets nobody touch it before.
func (e *Engine) pushAgain(ctx context.Context, t jobs.Task) error {
	for _, name := range []string{t.ID, t.ID + second} {
		err := e.enqueue(ctx, name, []jobs.Task{t})
		if !errors.Is(err, asynq.ErrTaskIDConflict) {
			return err
		}
		if e.inspector.RunTask(e.queue(t.Queue), name) == nil {
			return nil
		}
	}
	return nil
}

// pushLater is for a job that was delivered and could not be run, or not be recorded. What it cannot push the sweeper does.
func (e *Engine) pushLater(ctx context.Context, t jobs.Task) {
	_ = e.enqueue(ctx, t.ID+second, []jobs.Task{t}, asynq.ProcessIn(time.Second+rand.N(time.Second)))
}

func (e *Engine) enqueue(ctx context.Context, name string, tasks []jobs.Task, options ...asynq.Option) error {
	payload, err := json.Marshal(tasks)
	if err != nil {
		return fmt.Errorf("encode the tasks: %w", err)
	}
	options = append(options, asynq.TaskID(name), asynq.Queue(e.queue(tasks[0].Queue)))
	_, err = e.client.EnqueueContext(ctx, asynq.NewTask(tasks[0].Kind, payload), options...)
	return err
}
