-- +goose Up
create table audit.heads (
    tenant_id uuid   primary key,
    seq       bigint not null,
    hash      bytea  not null
);
comment on table audit.heads is 'scope=platform pii=no retention=forever; The last entry of each chain. Who appends holds its lock until the commit, so that no two entries follow one.';
comment on column audit.heads.tenant_id is 'pii=no; Whose chain it is; all zeros for what happens in no tenant.';

create table audit.entries (
    tenant_id  uuid        not null,
    seq        bigint      not null,
    at         timestamptz not null,
    actor_id   uuid,
    action     text        not null check (action ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$'),
    outcome    text        not null check (outcome in ('done', 'denied')),
    subject    text        not null,
    details    json        not null,
    personal   bytea       not null,
    request_id text        not null,
    previous   bytea       not null,
    hash       bytea       not null,
    primary key (tenant_id, seq)
);
comment on table audit.entries is 'scope=platform pii=yes retention=7y; Who did what. Nobody may change it, and whoever does is found by admin audit verify.';
comment on column audit.entries.actor_id is 'subject=user erase=keep export=yes; The user or the key; null for the program itself and for nobody.';
comment on column audit.entries.details is 'pii=no; What to know about it, without secrets and without anything personal. Json and not jsonb: the hash is of its text.';
comment on column audit.entries.personal is 'pii=yes erase=keep export=no; Sealed by the key of the person, which erasing destroys; the chain stays whole.';

create index entries_by_subject on audit.entries (tenant_id, subject);
create index entries_by_time on audit.entries (at);
create index entries_by_request on audit.entries (request_id);

-- The hash is of the fields in this order, each as its length and its bytes, so that no two entries have the same encoding. A
-- number is its decimal digits, a time its microseconds since 1970, null is empty. The Go of package audit says the same.
-- +goose StatementBegin
create function audit.digest(e audit.entries) returns bytea language sql stable set search_path = pg_catalog, pg_temp as $$
    select sha256(string_agg(int4send(length(field)) || field, ''::bytea order by place))
    from unnest(array[
        uuid_send(e.tenant_id), convert_to(e.seq::text, 'UTF8'), e.previous,
        convert_to(trunc(extract(epoch from e.at) * 1000000)::bigint::text, 'UTF8'),
        coalesce(uuid_send(e.actor_id), ''), convert_to(e.action, 'UTF8'), convert_to(e.outcome, 'UTF8'),
        convert_to(e.subject, 'UTF8'), convert_to(e.details::text, 'UTF8'), e.personal, convert_to(e.request_id, 'UTF8')
    ]) with ordinality as f (field, place)
$$;

-- The one way to an entry: it takes tenant and actor from the transaction and not from who calls it, and no role of the app may
-- write to the tables otherwise. Postgres looks into pg_temp first if it is not named: a type there may be whoever's who calls.
create function audit.append(action text, outcome text, subject text, details json, personal bytea, request_id text)
returns bigint language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    chain uuid := coalesce(nullif(current_setting('app.tenant_id', true), ''), '00000000-0000-0000-0000-000000000000');
    head  audit.heads;
    entry audit.entries;
begin
    insert into audit.heads values (chain, 0, '') on conflict do nothing;
    select * into head from audit.heads where tenant_id = chain for update;
    entry := (chain, head.seq + 1, clock_timestamp(), nullif(current_setting('app.actor_id', true), '')::uuid,
        action, outcome, subject, details, personal, request_id, head.hash, ''::bytea);
    entry.hash := audit.digest(entry);
    insert into audit.entries values (entry.*);
    update audit.heads set seq = entry.seq, hash = entry.hash where tenant_id = chain;
    return entry.seq;
end $$;
-- +goose StatementEnd

revoke all on function audit.append(text, text, text, json, bytea, text), audit.digest(audit.entries) from public;
grant usage on schema audit to myapp_domain;
grant execute on function audit.append(text, text, text, json, bytea, text) to myapp_domain;
grant select on audit.heads, audit.entries to myapp_across_tenants;
