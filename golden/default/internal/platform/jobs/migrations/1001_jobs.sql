-- +goose Up
-- What a job is to us and River has no column for. Nothing of River's changes by that: it names its columns.
-- lint: the table is new
alter table jobs.river_job
    add column job_id     uuid    not null default gen_random_uuid(),
    add column lane       text    not null default 'default' check (lane in ('critical', 'default', 'low')),
    add column attempts   integer not null default 0,
    add column deliveries integer not null default 0,
    add column last_error text    not null default '',
    add column failures   text[]  not null default '{}',
    add column request_id text    not null default '',
    add column traceparent text   not null default '',
    add column only_key   text,
    add column tenant_id  uuid    default nullif(current_setting('app.tenant_id', true), '')::uuid,
    add column actor_id   uuid    default nullif(current_setting('app.actor_id', true), '')::uuid,
    -- The runner decides when a job is given up, and not River.
    alter column max_attempts set default 32767;

alter table jobs.river_job set (
    -- Every row is updated and deleted: without this the table bloats to a fifth of its size in dead rows at each turn.
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_insert_scale_factor = 0.02
);
comment on table jobs.river_job is 'scope=platform pii=yes retention=until-done; River''s: the jobs that are not done. What we read and write of it is the view jobs.jobs.';
comment on table jobs.river_leader is 'scope=platform pii=no retention=forever; River''s: the process that makes due what was for later.';
comment on table jobs.river_migration is 'scope=platform pii=no retention=forever; River''s; not used: our migrations apply those of River.';
comment on table jobs.river_notification is 'scope=platform pii=no retention=forever; River''s; not used on Postgres.';
comment on table jobs.river_queue is 'scope=platform pii=no retention=forever; River''s: the queues that were ever worked on.';
comment on column jobs.river_leader.name is 'pii=no; Of what it leads.';
comment on column jobs.river_queue.name is 'pii=no; Of the queue.';
comment on column jobs.river_job.actor_id is 'subject=user; Who asked for it.';
comment on column jobs.river_job.args is 'pii=any erase=delete export=no; The job, as JSON. What an erased user asked for is not done any more.';
comment on column jobs.river_job.job_id is 'The id of the job. That of the row changes when the job is put back.';
comment on column jobs.river_job.lane is 'The queue of the job. To River all are one queue, with three priorities.';
comment on column jobs.river_job.attempts is 'How often a handler failed. River''s attempt is how often the row was fetched.';
comment on column jobs.river_job.failures is 'A line for each failed attempt, the last 32. River''s errors is another thing.';
comment on column jobs.river_job.only_key is 'There is one row of its kind, tenant and key. River''s unique_key is another thing.';
comment on column jobs.river_job.deliveries is 'How often the process died while it ran the job.';

-- lint: the table is new
create unique index river_job_job_id on jobs.river_job (job_id);
-- lint: the table is new
create unique index river_job_only on jobs.river_job (kind, tenant_id, only_key) nulls not distinct where only_key is not null;

-- +goose StatementBegin
create function jobs.river_job_fill() returns trigger language plpgsql as $$
begin
    if new.scheduled_at > now() then
        new.state = 'scheduled';
    end if;
    new.priority = case new.lane when 'critical' then 1 when 'default' then 2 else 3 end;
    new.metadata = jsonb_build_object('job_id', new.job_id);
    return new;
end
$$;
-- +goose StatementEnd
create trigger fill before insert on jobs.river_job for each row execute function jobs.river_job_fill();

create view jobs.jobs with (security_invoker = true) as
select job_id as id, kind, lane as queue, args as payload, scheduled_at as run_at, null::timestamptz as pushed_at,
    attempts, deliveries, last_error, failures as errors, request_id, traceparent, tenant_id, actor_id, only_key as unique_key, created_at
from jobs.river_job where finalized_at is null;
comment on view jobs.jobs is 'Work that is not done yet. A row is deleted in the transaction that has its effects.';

create table jobs.dead_letters (
    id         uuid        primary key,
    kind       text        not null,
    queue      text        not null,
    payload    jsonb       not null,
    attempts   integer     not null,
    last_error text        not null,
    errors     text[]      not null,
    request_id text        not null,
    traceparent text       not null,
    tenant_id  uuid,
    actor_id   uuid,
    created_at timestamptz not null,
    died_at    timestamptz not null default now()
);
comment on table jobs.dead_letters is 'scope=platform pii=yes retention=forever; Jobs that were given up. They wait here for a person, for ever.';
comment on column jobs.dead_letters.actor_id is 'subject=user; Who asked for it.';
comment on column jobs.dead_letters.payload is 'pii=any erase=delete export=no; As in the job. What an erased user asked for is not retried.';

create index dead_letters_by_time on jobs.dead_letters (died_at desc);

create table jobs.ticks (
    name   text        primary key,
    due_at timestamptz not null
);
comment on table jobs.ticks is 'scope=platform pii=no retention=forever; The last tick of each schedule. Who moves it forward enqueues the job.';
comment on column jobs.ticks.name is 'pii=no; Of the schedule.';

grant select, insert, update, delete on jobs.jobs, jobs.dead_letters, jobs.ticks to myapp_jobs;
grant select, delete on jobs.river_job, jobs.dead_letters to myapp_across_tenants;

-- What River does: fetch, write down, elect the one that cleans up.
grant select, insert, update, delete on jobs.river_job, jobs.river_leader, jobs.river_notification, jobs.river_queue to myapp_jobs;
grant usage on sequence jobs.river_job_id_seq, jobs.river_notification_id_seq to myapp_jobs;

-- A domain may ask for work and no more: it neither sees nor changes what others have asked for.
grant usage on schema jobs to myapp_domain;
grant insert (id, kind, queue, payload, run_at, request_id, traceparent, unique_key) on jobs.jobs to myapp_domain;
grant insert (job_id, kind, lane, args, scheduled_at, request_id, traceparent, only_key) on jobs.river_job to myapp_domain;
grant usage on sequence jobs.river_job_id_seq to myapp_domain;
