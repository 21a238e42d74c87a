-- +goose Up
create table jobs.steps (
    job_id     uuid        primary key,
    checkpoint jsonb,
    done       bigint      not null default 0,
    total      bigint      not null default 0,
    canceled   boolean     not null default false,
    beat_at    timestamptz not null default now()
);
comment on table jobs.steps is 'scope=platform pii=no retention=until-done; How far long jobs have come. Of a dead letter it is kept, so that a retry goes on; what no job has goes when the next one ends.';
comment on column jobs.steps.checkpoint is 'pii=no; Where the next step begins, as JSON: a place in the work, and nothing about a person.';
comment on column jobs.steps.beat_at is 'When the last step ended.';

grant select, insert, update, delete on jobs.steps to myapp_jobs;
