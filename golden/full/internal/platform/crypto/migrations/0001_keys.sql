-- +goose Up
create table crypto.keys (
    id          uuid        primary key,
    kind        text        not null check (kind in ('person', 'tenant', 'index')),
    subject     uuid        not null,
    kek         text        not null,
    wrapped     bytea,
    created_at  timestamptz not null default now(),
    shredded_at timestamptz,
    unique (kind, subject),
    check ((wrapped is null) = (shredded_at is not null))
);
comment on table crypto.keys is 'scope=platform pii=no retention=forever; The data keys, each encrypted by a key that is not in the database.';
comment on column crypto.keys.subject is 'subject=user erase=keep export=no; The person or the tenant whose key it is.';
comment on column crypto.keys.wrapped is 'pii=no; Null once it was shredded: what it sealed can be read by nobody.';

-- A domain may use keys and make them. To destroy one it asks this package.
grant usage on schema crypto to myapp_domain;
grant select on crypto.keys to myapp_domain;
grant insert (id, kind, subject, kek, wrapped) on crypto.keys to myapp_domain;
grant insert (shredded_at), update (kek, wrapped, shredded_at) on crypto.keys to myapp_crypto;
