-- +goose Up
create table identity.factors (
    user_id      uuid        primary key references identity.users on delete cascade,
    secret       bytea       not null,
    last_step    bigint      not null default 0,
    confirmed_at timestamptz,
    created_at   timestamptz not null default now()
);
comment on table identity.factors is 'scope=user pii=yes retention=account; The authenticator apps of users, one each.';
comment on column identity.factors.user_id is 'pii=id subject=user erase=delete export=yes; Whose it is.';
comment on column identity.factors.secret is 'pii=credential erase=delete export=no; What the app and we share, sealed with the key of the user.';
comment on column identity.factors.last_step is 'The step of time whose code was used last: no code works twice.';
comment on column identity.factors.confirmed_at is 'Since when it is asked for: the user has shown that the app has it.';

create table identity.recovery_codes (
    user_id uuid  not null references identity.users on delete cascade,
    hash    bytea not null,
    primary key (user_id, hash)
);
comment on table identity.recovery_codes is 'scope=user pii=yes retention=account; What may be used once in place of the app. A code that is used is deleted.';
comment on column identity.recovery_codes.user_id is 'pii=id subject=user erase=delete export=no; Whose it is.';
comment on column identity.recovery_codes.hash is 'pii=credential erase=delete export=no; SHA-256 of 80 random bits.';

alter table identity.tokens add column guesses smallint not null default 0;
comment on column identity.tokens.guesses is 'How many codes were presented with it, where codes are.';

grant select, insert, update, delete on identity.factors, identity.recovery_codes to myapp_identity;
grant select, delete on identity.factors, identity.recovery_codes to myapp_across_tenants;
