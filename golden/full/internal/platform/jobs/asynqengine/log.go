package asynqengine

import (
	"fmt"
	"log/slog"
)

// logger makes asynq write through slog.
type logger struct{ *slog.Logger }

// Debug implements asynq.Logger.
func (l logger) Debug(args ...any) { l.Logger.Debug("asynq: " + fmt.Sprint(args...)) }

// Info implements asynq.Logger.
func (l logger) Info(args ...any) { l.Logger.Info("asynq: " + fmt.Sprint(args...)) }

// Warn implements asynq.Logger.
func (l logger) Warn(args ...any) { l.Logger.Warn("asynq: " + fmt.Sprint(args...)) }

// Error implements asynq.Logger.
func (l logger) Error(args ...any) { l.Logger.Error("asynq: " + fmt.Sprint(args...)) }

// Fatal implements asynq.Logger. It does not end the program: a library does not decide that.
func (l logger) Fatal(args ...any) { l.Logger.Error("asynq: " + fmt.Sprint(args...)) }
