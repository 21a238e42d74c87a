-- +goose Up
create table events.events (
    id          uuid        primary key,
    type        text        not null check (type ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.v[1-9][0-9]*$'),
    payload     jsonb       not null,
    request_id  text        not null,
    actor_id    uuid        default nullif(current_setting('app.actor_id', true), '')::uuid,
    recorded_at timestamptz not null default now()
);
comment on table events.events is 'scope=global pii=yes retention=forever; What happened, in the words of the domains. Rows are added, and changed by erasure alone.';
comment on column events.events.actor_id is 'subject=user; Who did it. Stays when the user is erased: by then it is the id of nobody.';
comment on column events.events.payload is 'pii=any erase=null export=yes; What the domain said. Of a user who is erased it is empty, and that it happened remains.';
comment on column events.events.request_id is 'The request that caused it; the logs have the same.';

create index events_by_time on events.events (recorded_at);

-- A domain adds to the history and cannot see or rewrite it.
grant usage on schema events to myapp_domain;
grant insert (id, type, payload, request_id) on events.events to myapp_domain;
grant select, update (payload) on events.events to myapp_across_tenants;
