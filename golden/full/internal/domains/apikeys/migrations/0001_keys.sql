-- +goose Up
create table apikeys.keys (
    tenant_id    uuid        not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
    id           uuid        not null,
    name         text        not null check (char_length(name) between 1 and 100),
    hash         bytea       not null,
    scopes       text[]      not null,
    created_by   uuid        not null,
    created_at   timestamptz not null default now(),
    life         interval    not null,
    expires_at   timestamptz not null,
    last_used_at timestamptz,
    primary key (tenant_id, id)
);
create index keys_by_id on apikeys.keys (id);
create index keys_by_maker on apikeys.keys (created_by);
create index keys_by_end on apikeys.keys (expires_at);
comment on table apikeys.keys is 'scope=tenant pii=yes retention=30d-after-expiry; By what programs act in a workspace. A key that is revoked is deleted.';
comment on column apikeys.keys.name is 'pii=no; What uses it, in the words of whoever made it.';
comment on column apikeys.keys.hash is 'pii=credential erase=delete export=no; HMAC-SHA256 of the key.';
comment on column apikeys.keys.scopes is 'What it was made for. What it may do is that of it which its maker may do.';
comment on column apikeys.keys.created_by is 'pii=id subject=user erase=delete export=yes; Who made it.';
comment on column apikeys.keys.life is 'How long it was made for. A key that is rotated ends sooner, and the new one lives as long.';
comment on column apikeys.keys.last_used_at is 'To within some seconds; null if it never was.';

alter table apikeys.keys enable row level security, force row level security;
create policy tenant on apikeys.keys using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy across_tenants on apikeys.keys to myapp_across_tenants using (true);

-- A request that brings a key does not say in which workspace: it sees the row of that key, and no other.
create policy presented on apikeys.keys for select using (
    nullif(current_setting('app.tenant_id', true), '') is null
    and hash = decode(nullif(current_setting('app.key_hash', true), ''), 'hex'));

grant select, insert, update, delete on apikeys.keys to myapp_apikeys;
grant select, delete, update (last_used_at) on apikeys.keys to myapp_across_tenants;
