-- The column may be null: the program that runs now goes on without it, and no row is rewritten. How it is filled, comes to be
-- not null, or takes the place of another one: docs/runbooks/migrations.md.

-- +goose Up
alter table billing.invoices add column due_date text;
comment on column billing.invoices.due_date is 'Due date. Null where it was never set.';

-- +goose Down
alter table billing.invoices drop column due_date;
