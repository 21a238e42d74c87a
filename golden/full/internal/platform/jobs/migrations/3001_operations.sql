-- +goose Up
create table jobs.operations (
    tenant_id    uuid        not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
    id           uuid        not null,
    kind         text        not null,
    actor_id     uuid        not null default nullif(current_setting('app.actor_id', true), '')::uuid,
    result       jsonb,
    error_code   text,
    error_detail text,
    created_at   timestamptz not null default now(),
    finished_at  timestamptz,
    primary key (tenant_id, id)
);
comment on table jobs.operations is 'scope=tenant pii=yes retention=OPERATIONS_RETENTION; The jobs that clients follow. How far one is, its job says; here stands how it ended.';
comment on column jobs.operations.id is 'That of the job.';
comment on column jobs.operations.actor_id is 'subject=user; Who began it, and alone may look. Stays when the user is erased: by then it is the id of nobody.';
comment on column jobs.operations.result is 'pii=any erase=all export=yes; What it came to, as JSON; null where there is nothing to say, and once anybody was erased: whom it speaks of is not known.';
comment on column jobs.operations.error_code is 'pii=no; Why its handler refused it; null if it did not.';
comment on column jobs.operations.error_detail is 'pii=any erase=all export=yes; The same in a sentence.';
comment on column jobs.operations.finished_at is 'When it succeeded or was refused. Null of one that waits, is a dead letter, or was dropped.';

create index operations_by_end on jobs.operations (coalesce(finished_at, created_at));

alter table jobs.operations enable row level security, force row level security;
create policy tenant on jobs.operations
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy across_tenants on jobs.operations to myapp_across_tenants using (true);

grant select, update on jobs.operations to myapp_jobs;
grant select, update, delete on jobs.operations to myapp_across_tenants;

-- A domain begins operations, and cannot see or change what became of them.
grant insert (id, kind), select (created_at) on jobs.operations to myapp_domain;
