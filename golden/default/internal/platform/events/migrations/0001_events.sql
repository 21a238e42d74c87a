-- +goose Up
create table events.events (
    id           uuid        not null,
    type         text        not null check (type ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.v[1-9][0-9]*$'),
    payload      jsonb       not null,
    depth        integer     not null,
    causation_id uuid,
    request_id   text        not null,
    traceparent  text        not null,
    tenant_id    uuid        default nullif(current_setting('app.tenant_id', true), '')::uuid,
    actor_id     uuid        default nullif(current_setting('app.actor_id', true), '')::uuid,
    occurred_at  timestamptz not null default now(),
    primary key (id, occurred_at)
) partition by range (occurred_at);
comment on table events.events is 'scope=platform pii=no retention=EVENTS_RETENTION; What happened, in the words of the domains. Rows are added, and go with their month.';
comment on column events.events.actor_id is 'subject=user; Who did it. Stays when the user is erased: by then it is the id of nobody.';
comment on column events.events.causation_id is 'The event whose handler published this one, depth of them after a request.';
comment on column events.events.payload is 'pii=no; Ids, versions, states. Names, addresses and texts of people are asked of the domain that owns them.';
comment on column events.events.request_id is 'The request that all of it began with; the logs have the same. So is traceparent its trace.';

create index events_by_request on events.events (request_id) where request_id <> '';

create table events.subscriptions (
    type       text        not null check (type ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.v[1-9][0-9]*$'),
    subscriber text        not null check (subscriber ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$'),
    seen_at    timestamptz not null default now(),
    primary key (type, subscriber)
);
comment on table events.subscriptions is 'scope=platform pii=no retention=1d; Who listens to what: every program that starts writes its own here, and whoever publishes reads it.';
comment on column events.subscriptions.seen_at is 'When a program last knew the handler. After a day without, it is gone.';

create table events.inbox (
    event_id    uuid        not null,
    subscriber  text        not null,
    occurred_at timestamptz not null,
    replayed    boolean     not null,
    done_at     timestamptz not null default clock_timestamp(),
    primary key (event_id, subscriber, occurred_at)
) partition by range (occurred_at);
comment on table events.inbox is 'scope=platform pii=no retention=EVENTS_RETENTION; Which events had their effects at whom. A row is written in the transaction of the effects.';
comment on column events.inbox.occurred_at is 'Of the event, so that both go in the same month.';

-- For months that nobody made: what is published is never refused for the want of one.
create table events.events_rest partition of events.events default;
create table events.inbox_rest partition of events.inbox default;

-- Makes this month and the next two, and drops those that are older than keep. It is the owner's: no role of the program may
-- change tables, and this changes these two. A month that has rows in the rest stays there until they are too old.
-- +goose StatementBegin
create function events.upkeep(at timestamptz, keep interval) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    parent text;
    part   text;
    first  timestamp;
    held   boolean;
begin
    foreach parent in array array['events', 'inbox'] loop
        for ahead in 0..2 loop
            first := date_trunc('month', at at time zone 'UTC') + make_interval(months => ahead);
            part := parent || to_char(first, '_YYYY_MM');
            execute format('select exists (select from events.%I where occurred_at >= $1 and occurred_at < $2)', parent || '_rest')
                into held using first at time zone 'UTC', (first + interval '1 month') at time zone 'UTC';
            continue when held or to_regclass('events.' || part) is not null;
            -- To attach locks no reader and no writer of the others; to create it as a partition would.
            execute format('create table events.%I (like events.%I including all)', part, parent);
            execute format('alter table events.%I attach partition events.%I for values from (%L) to (%L)', parent, part,
                first at time zone 'UTC', (first + interval '1 month') at time zone 'UTC');
        end loop;
        for part in
            select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
            where i.inhparent = ('events.' || parent)::regclass and c.relname ~ '_\d{4}_\d{2}$'
                and (to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month') at time zone 'UTC' <= at - keep
        loop
            execute format('drop table events.%I', part);
        end loop;
        execute format('delete from events.%I where occurred_at < $1', parent || '_rest') using at - keep;
    end loop;
end $$;
-- +goose StatementEnd
select events.upkeep(now(), interval '100 years');

revoke all on function events.upkeep(timestamptz, interval) from public;
grant execute on function events.upkeep(timestamptz, interval) to myapp_events;
grant select, insert, update, delete on events.subscriptions to myapp_events;

-- A domain adds to the history and cannot see or rewrite it.
grant usage on schema events to myapp_domain;
grant insert (id, type, payload, depth, causation_id, request_id, traceparent) on events.events to myapp_domain;
grant select on events.subscriptions to myapp_domain;
grant insert (event_id, subscriber, occurred_at, replayed) on events.inbox to myapp_domain;

-- Deliveries are jobs: who looks at them, and who replays, does it as their role.
grant select on events.events, events.subscriptions to myapp_jobs;
grant select, delete on events.inbox to myapp_jobs;

-- Who looks for what a request has caused sees all tenants.
grant select on events.events to myapp_across_tenants;
