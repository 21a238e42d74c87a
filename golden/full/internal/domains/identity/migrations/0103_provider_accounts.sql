-- +goose Up
create table identity.provider_accounts (
    issuer     text        not null check (char_length(issuer) <= 500),
    subject    text        not null check (char_length(subject) <= 255),
    user_id    uuid        not null references identity.users on delete cascade,
    created_at timestamptz not null default now(),
    primary key (issuer, subject),
    constraint provider_accounts_one unique (user_id, issuer)
);
comment on table identity.provider_accounts is 'scope=user pii=yes retention=account; By which accounts elsewhere a user signs in. At one provider a user has one.';
comment on column identity.provider_accounts.issuer is 'pii=id erase=delete export=yes; The provider.';
comment on column identity.provider_accounts.subject is 'pii=id erase=delete export=yes; Whom the provider means, for ever. An address may be given to somebody else.';
comment on column identity.provider_accounts.user_id is 'pii=id subject=user erase=delete export=yes; Who that is here.';

create table identity.provider_answers (
    hash       bytea       primary key,
    expires_at timestamptz not null
);
comment on table identity.provider_answers is 'scope=platform pii=no retention=24h; The answers of the provider that were taken, so that none is taken twice.';

grant select, insert, delete on identity.provider_accounts, identity.provider_answers to myapp_identity;
grant select, delete on identity.provider_accounts to myapp_across_tenants;
