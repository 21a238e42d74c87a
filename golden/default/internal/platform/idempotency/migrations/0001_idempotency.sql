-- +goose Up
create table idempotency.keys (
    id           bytea       primary key,
    request_hash bytea       not null,
    attempt      bigint      generated always as identity,
    locked_until timestamptz not null,
    status       int,
    headers      jsonb,
    body         bytea,
    created_at   timestamptz not null default now()
);
comment on table idempotency.keys is 'scope=platform pii=yes retention=72h; The requests that must not be done twice, and what was answered. What is too old is deleted each hour.';
comment on column idempotency.keys.id is 'pii=no; The SHA-256 of who asked, for what, under which key.';
comment on column idempotency.keys.attempt is 'pii=no; The fencing token of who works on it. No two attempts have the same, those of a row that was deleted included.';
comment on column idempotency.keys.locked_until is 'pii=no; When another may take over what has no status.';
comment on column idempotency.keys.status is 'pii=no; What was answered; null while the request is in progress.';
comment on column idempotency.keys.body is 'pii=yes erase=all export=no; What was answered, as the client was given it; null if it was too long or secret, and once anybody was erased: whom it speaks of is not known.';

create index keys_by_time on idempotency.keys (created_at);

grant select, insert, update, delete on idempotency.keys to myapp_idempotency;
grant select (body, ctid), update (body) on idempotency.keys to myapp_across_tenants;
