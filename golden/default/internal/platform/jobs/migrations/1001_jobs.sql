-- +goose Up
-- What a job is to us and River has no column for. Nothing of River's changes by that: it names its columns.
-- lint: the table is new
alter table jobs.river_job
    add column job_id      uuid        not null default gen_random_uuid(),
    add column lane        text        not null default 'default',
    add column due_at      timestamptz not null default now(),
    add column attempts    integer     not null default 0,
    add column deliveries  integer     not null default 0,
    add column last_error  text        not null default '',
    add column failures    text[]      not null default '{}',
    add column request_id  text        not null default '',
    add column traceparent text        not null default '',
    add column only_key    text,
    add column tenant_id   uuid        default nullif(current_setting('app.tenant_id', true), '')::uuid,
    add column actor_id    uuid        default nullif(current_setting('app.actor_id', true), '')::uuid,
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
comment on column jobs.river_job.lane is 'The queue of the job. To River those of vendors are queues, and all others one, with four priorities.';
comment on column jobs.river_job.due_at is 'When the job is due. River''s scheduled_at is its turn, once it is due.';
comment on column jobs.river_job.attempts is 'How often a handler failed. River''s attempt is how often the row was fetched.';
comment on column jobs.river_job.failures is 'A line for each failed attempt, the last 32. River''s errors is another thing.';
comment on column jobs.river_job.only_key is 'There is one row of its kind, tenant and key. River''s unique_key is another thing.';
comment on column jobs.river_job.deliveries is 'How often the process died while it ran the job.';

-- What Postgres plans for an empty table reads all of it, and is kept when there is a backlog: a fetch would cost what that is long. So
-- the table is never empty. To River these were canceled; it leaves them where they are, as its options say.
insert into jobs.river_job (kind, args, queue, state, finalized_at)
select 'none', '{}', 'none', 'cancelled', now() from generate_series(1, 100);

-- lint: the table is new
create unique index river_job_job_id on jobs.river_job (job_id);
-- lint: the table is new
create unique index river_job_only on jobs.river_job (kind, tenant_id, only_key) nulls not distinct where only_key is not null;

-- lint: the table is new
create index river_job_turns on jobs.river_job (lane, coalesce(tenant_id, '00000000-0000-0000-0000-000000000000'), scheduled_at)
    where state = 'available';

-- lint: the table is new
create index river_job_by_request on jobs.river_job (request_id) where request_id <> '';

-- River runs what is available in the order of scheduled_at. The trigger makes that a turn, so that no tenant waits for the
-- backlog of another: a job comes after those of its own tenant, and beside the first that waits in its queue. The clock of
-- turns is an hour late, since a backlog is a microsecond a job ahead of it. A row that leaves the state running by us has a
-- new number: River writes down how a delivery ended a little after it did, and must find nothing then.
-- +goose StatementBegin
create function jobs.river_job_place() returns trigger language plpgsql security definer
    set search_path = pg_catalog, pg_temp set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
declare
    again constant boolean = tg_op = 'UPDATE' and old.state = 'running';
begin
    -- Also of a job that was let through: it is tried again in its own queue.
    new.priority = coalesce(array_position('{critical,default,low,bulk}', new.lane), 2);
    if tg_op = 'INSERT' then
        new.queue = case when new.lane in ('critical', 'default', 'low', 'bulk') then 'default' else new.lane end;
        new.metadata = jsonb_build_object('job_id', new.job_id);
    elsif again then
        new.id = nextval('jobs.river_job_id_seq');
    end if;
    if new.due_at > now() then
        new.state = 'scheduled';
        new.scheduled_at = new.due_at;
        return new;
    end if;
    new.state = 'available';
    if not again then
        new.scheduled_at = coalesce(
            (select scheduled_at + interval '1 microsecond' from jobs.river_job
                where state = 'available' and lane = new.lane
                and coalesce(tenant_id, '00000000-0000-0000-0000-000000000000') = coalesce(new.tenant_id, '00000000-0000-0000-0000-000000000000')
                order by scheduled_at desc limit 1),
            (select scheduled_at from jobs.river_job
                where state = 'available' and queue = new.queue and priority = new.priority
                order by scheduled_at limit 1),
            now() - interval '1 hour');
    end if;
    return new;
end
$$;
-- +goose StatementEnd
create trigger place before insert on jobs.river_job for each row execute function jobs.river_job_place();
create trigger place_again before update on jobs.river_job for each row
    when (new.due_at <> old.due_at or old.attempted_at is not null and new.attempted_at is null
        or old.state in ('scheduled', 'retryable') and new.state = 'available')
    execute function jobs.river_job_place();

-- Lets the first job through of each queue of ours that waits for another one: it goes beside the first of all.
-- +goose StatementBegin
create function jobs.let_through() returns void language plpgsql
    set search_path = pg_catalog, pg_temp set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
    update jobs.river_job set priority = 1, scheduled_at = coalesce(
        (select scheduled_at from jobs.river_job where state = 'available' and queue = 'default' and priority = 1 order by scheduled_at limit 1),
        now() - interval '1 hour')
    where id = any (array(
        select waiting.id from unnest('{2,3,4}'::smallint[]) as place, lateral (
            select id from jobs.river_job where state = 'available' and queue = 'default' and priority = place
                and exists (select from jobs.river_job where state = 'available' and queue = 'default' and priority < place)
            order by scheduled_at, id limit 1 for update skip locked
        ) waiting));
end
$$;
-- +goose StatementEnd
revoke all on function jobs.let_through() from public;
grant execute on function jobs.let_through() to myapp_jobs;

create view jobs.jobs with (security_invoker = true) as
select job_id as id, kind, lane as queue, args as payload, due_at as run_at, attempted_at as pushed_at,
    attempts, deliveries, last_error, failures as errors, request_id, traceparent, tenant_id, actor_id, only_key as unique_key, created_at
from jobs.river_job where finalized_at is null;
comment on view jobs.jobs is 'Work that is not done yet. A row is deleted in the transaction that has its effects.';

create table jobs.dead_letters (
    id          uuid        primary key,
    kind        text        not null,
    queue       text        not null,
    payload     jsonb       not null,
    attempts    integer     not null,
    last_error  text        not null,
    errors      text[]      not null,
    request_id  text        not null,
    traceparent text        not null default '',
    tenant_id   uuid,
    actor_id    uuid,
    created_at  timestamptz not null,
    died_at     timestamptz not null default now()
);
comment on table jobs.dead_letters is 'scope=platform pii=yes retention=forever; Jobs that were given up. They wait here for a person, for ever.';
comment on column jobs.dead_letters.actor_id is 'subject=user; Who asked for it.';
comment on column jobs.dead_letters.payload is 'pii=any erase=delete export=no; As in the job. What an erased user asked for is not retried.';

create index dead_letters_by_time on jobs.dead_letters (died_at desc);
create index dead_letters_by_request on jobs.dead_letters (request_id);

create table jobs.ticks (
    name   text        primary key,
    due_at timestamptz not null
);
comment on table jobs.ticks is 'scope=platform pii=no retention=forever; The last tick of each schedule. Who moves it forward enqueues the job.';
comment on column jobs.ticks.name is 'pii=no; Of the schedule.';

grant select, insert, update, delete on jobs.jobs, jobs.dead_letters, jobs.ticks to myapp_jobs;
grant select, delete on jobs.river_job, jobs.dead_letters to myapp_across_tenants;
grant select on jobs.jobs to myapp_across_tenants;

-- What River does: fetch, write down, elect the one that cleans up.
grant select, insert, update, delete on jobs.river_job, jobs.river_leader, jobs.river_notification, jobs.river_queue to myapp_jobs;
grant usage on sequence jobs.river_job_id_seq, jobs.river_notification_id_seq to myapp_jobs;

-- A domain may ask for work and no more: it neither sees nor changes what others have asked for.
grant usage on schema jobs to myapp_domain;
grant insert (id, kind, queue, payload, run_at, request_id, traceparent, unique_key, actor_id) on jobs.jobs to myapp_domain;
grant insert (job_id, kind, lane, args, due_at, request_id, traceparent, only_key, actor_id) on jobs.river_job to myapp_domain;
grant usage on sequence jobs.river_job_id_seq to myapp_domain;
