-- +goose Up
create table jobs.jobs (
    id          uuid        primary key,
    kind        text        not null check (kind <> ''),
    queue       text        not null,
    payload     jsonb       not null,
    run_at      timestamptz not null default now(),
    turn        timestamptz,
    pushed_at   timestamptz,
    attempts    integer     not null default 0,
    deliveries  integer     not null default 0,
    last_error  text        not null default '',
    errors      text[]      not null default '{}',
    request_id  text        not null default '',
    traceparent text        not null default '',
    tenant_id   uuid        default nullif(current_setting('app.tenant_id', true), '')::uuid,
    actor_id    uuid        default nullif(current_setting('app.actor_id', true), '')::uuid,
    unique_key  text,
    created_at  timestamptz not null default now()
) with (
    -- Every row is updated twice and deleted: without this the table bloats to a fifth of its size in dead rows at each turn.
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_insert_scale_factor = 0.02,
    -- A plan that is made for a table without pages reads all of it, and is kept when there is a backlog.
    vacuum_truncate = off
);
comment on table jobs.jobs is 'scope=platform pii=yes retention=until-done; Work that is not done yet. A row is deleted in the transaction that has its effects.';
comment on column jobs.jobs.actor_id is 'subject=user; Who asked for it.';
comment on column jobs.jobs.payload is 'pii=any erase=delete export=no; The job, as JSON. What an erased user asked for is not done any more; what outlives who asked for it is of nobody.';
comment on column jobs.jobs.errors is 'A line for each failed attempt, the last 32.';
comment on column jobs.jobs.deliveries is 'How often it was begun again after it was lost. That is how often its process may have died of it.';
comment on column jobs.jobs.turn is 'The order in which jobs of a queue that are due are given to the engine; null before they are.';
comment on column jobs.jobs.pushed_at is 'When the row was last given to the engine; null while it waits for run_at.';

create unique index jobs_unique on jobs.jobs (kind, tenant_id, unique_key) nulls not distinct where unique_key is not null;
create index jobs_later on jobs.jobs (run_at) where turn is null;
create index jobs_due on jobs.jobs (queue, turn, id) where pushed_at is null;
create index jobs_turns on jobs.jobs (queue, coalesce(tenant_id, '00000000-0000-0000-0000-000000000000'), turn) where pushed_at is null;
create index jobs_by_request on jobs.jobs (request_id) where request_id <> '';
create index jobs_pushed on jobs.jobs (queue, pushed_at, id) where pushed_at is not null;

-- The turn of a job that is due: no tenant waits for the backlog of another, since a job comes after those of its own tenant,
-- and beside the first that waits in its queue. The clock of turns is an hour late, since a backlog is a microsecond a job
-- ahead of it.
-- +goose StatementBegin
create function jobs.place() returns trigger language plpgsql security definer
    set search_path = pg_catalog, pg_temp set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
    new.turn = null;
    if new.run_at <= now() then
        new.turn = coalesce(
            (select turn + interval '1 microsecond' from jobs.jobs
                where queue = new.queue and pushed_at is null and turn is not null
                and coalesce(tenant_id, '00000000-0000-0000-0000-000000000000') = coalesce(new.tenant_id, '00000000-0000-0000-0000-000000000000')
                order by turn desc limit 1),
            (select turn from jobs.jobs where queue = new.queue and pushed_at is null and turn is not null order by turn limit 1),
            now() - interval '1 hour');
    end if;
    return new;
end
$$;
-- +goose StatementEnd
create trigger place before insert on jobs.jobs for each row execute function jobs.place();
create trigger place_again before update on jobs.jobs for each row
    when (new.turn is null or new.run_at <> old.run_at) execute function jobs.place();

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
grant select, delete on jobs.jobs, jobs.dead_letters to myapp_across_tenants;

-- A domain may ask for work and no more: it neither sees nor changes what others have asked for.
grant usage on schema jobs to myapp_domain;
grant insert (id, kind, queue, payload, run_at, request_id, traceparent, unique_key, actor_id) on jobs.jobs to myapp_domain;
