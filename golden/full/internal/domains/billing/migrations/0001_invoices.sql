-- +goose Up
create table billing.invoices (
    tenant_id  uuid        not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
    id         uuid        not null,
    name       text        not null check (char_length(name) between 1 and 200),
    version    bigint      not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    primary key (tenant_id, id)
);
comment on table billing.invoices is
    'scope=tenant pii=no retention=forever; a row with deleted_at is deleted for everybody who asks the application';
comment on column billing.invoices.name is 'pii=no; What people call it.';
comment on column billing.invoices.version is 'Counts the changes. Who changes a row says which version was seen.';

-- Who asks sees the rows of the tenant in which it acts: the transaction says which, and none is no row. Further tables have the
-- same lines, and their unique constraints and foreign keys begin with tenant_id, since Postgres checks those for all tenants.
alter table billing.invoices enable row level security;
alter table billing.invoices force row level security;
create policy tenant on billing.invoices
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy across_tenants on billing.invoices to myapp_across_tenants using (true);

grant select, insert, update, delete on billing.invoices to myapp_billing;
grant select, update, delete on billing.invoices to myapp_across_tenants;
