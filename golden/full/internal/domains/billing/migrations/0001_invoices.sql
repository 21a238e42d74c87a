-- +goose Up
create table billing.invoices (
    id         uuid        primary key,
    name       text        not null check (char_length(name) between 1 and 200),
    version    bigint      not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);
comment on table billing.invoices is 'scope=global pii=no retention=forever; A row with deleted_at is deleted for everybody who asks the application.';
comment on column billing.invoices.name is 'pii=no; What people call it. It is no name of a person.';
comment on column billing.invoices.version is 'Counts the changes. Who changes a row says which version was seen.';

grant select, insert, update, delete on billing.invoices to myapp_billing;
