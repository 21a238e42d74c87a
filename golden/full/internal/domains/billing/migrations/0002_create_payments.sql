-- +goose Up
create table billing.payments (
    tenant_id  uuid        not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
    id         uuid        not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id)
);
comment on table billing.payments is 'scope=tenant pii=no retention=forever; Payments.';

-- Who asks sees the rows of its own tenant. What is unique here, and what a foreign key refers to, begins with tenant_id.
alter table billing.payments enable row level security, force row level security;
create policy tenant on billing.payments
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy across_tenants on billing.payments to myapp_across_tenants using (true);

grant select, insert, update, delete on billing.payments to myapp_billing;
grant select, update, delete on billing.payments to myapp_across_tenants;

-- +goose Down
drop table billing.payments;
