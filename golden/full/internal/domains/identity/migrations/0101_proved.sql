-- +goose Up
alter table identity.sessions add column proved_at timestamptz not null default now();
comment on column identity.sessions.proved_at is 'When the user last proved to be there: by logging in, or since then by a second factor.';
