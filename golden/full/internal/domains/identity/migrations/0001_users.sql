-- +goose Up
create table identity.users (
    id            uuid        primary key,
    email         text        not null check (char_length(email) between 3 and 254),
    name          text        not null default '' check (char_length(name) <= 200),
    password_hash text,
    operator      boolean     not null default false,
    verified_at   timestamptz,
    created_at    timestamptz not null default now()
);
create unique index users_email on identity.users (lower(email));
create index users_unproved on identity.users (created_at) where verified_at is null;
comment on table identity.users is 'scope=global pii=yes retention=account; Who can sign in, or was asked by mail whether to; who did not for a week is deleted.';
comment on column identity.users.id is 'pii=id subject=user erase=delete export=yes; The user.';
comment on column identity.users.email is 'pii=email erase=delete export=yes; As it was typed. One user has it, in whatever case.';
comment on column identity.users.name is 'pii=name erase=delete export=yes; How others see the user.';
comment on column identity.users.password_hash is 'pii=credential erase=delete export=no; Argon2id. Null until a password is chosen.';
comment on column identity.users.verified_at is 'Since when the address is known to be the user''s.';

create table identity.sessions (
    id           uuid        primary key,
    user_id      uuid        not null references identity.users on delete cascade,
    token_hash   bytea       not null unique,
    user_agent   text        not null check (char_length(user_agent) <= 200),
    created_at   timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    expires_at   timestamptz not null
);
create index sessions_user on identity.sessions (user_id);
create index sessions_over on identity.sessions (expires_at);
comment on table identity.sessions is 'scope=user pii=yes retention=720h; By what a user is signed in. A session that is revoked is deleted.';
comment on column identity.sessions.user_id is 'pii=id subject=user erase=delete export=yes; Whose it is.';
comment on column identity.sessions.token_hash is 'pii=credential erase=delete export=no; SHA-256 of the cookie.';
comment on column identity.sessions.user_agent is 'pii=device erase=delete export=yes; What the browser called itself when it signed in.';

create table identity.tokens (
    hash       bytea       primary key,
    user_id    uuid        not null references identity.users on delete cascade,
    purpose    text        not null,
    expires_at timestamptz not null
);
create index tokens_user on identity.tokens (user_id, purpose);
create index tokens_over on identity.tokens (expires_at);
comment on table identity.tokens is 'scope=user pii=yes retention=24h; The links in mails that were not used yet.';
comment on column identity.tokens.hash is 'pii=credential erase=delete export=no; SHA-256 of what the link holds.';
comment on column identity.tokens.user_id is 'pii=id subject=user erase=delete export=no; To whom it was sent.';

grant select, insert, update, delete on identity.users, identity.sessions, identity.tokens to myapp_identity;
grant select, delete on identity.users, identity.sessions, identity.tokens to myapp_across_tenants;
