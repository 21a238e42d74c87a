-- +goose Up
create table workspaces.workspaces (
    tenant_id  uuid        primary key default nullif(current_setting('app.tenant_id', true), '')::uuid,
    name       text        not null check (char_length(name) between 1 and 200),
    version    bigint      not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);
create index workspaces_over on workspaces.workspaces (deleted_at) where deleted_at is not null;
comment on table workspaces.workspaces is 'scope=tenant pii=no retention=30d-after-deletion; The tenants. What has deleted_at is there for nobody.';
comment on column workspaces.workspaces.name is 'pii=no; What its members call it.';

create table workspaces.roles (
    tenant_id   uuid        not null default nullif(current_setting('app.tenant_id', true), '')::uuid references workspaces.workspaces on delete cascade,
    name        text        not null check (name ~ '^[a-z][a-z0-9-]{0,39}$'),
    permissions text[],
    version     bigint      not null default 1,
    created_at  timestamptz not null default now(),
    primary key (tenant_id, name)
);
comment on table workspaces.roles is 'scope=tenant pii=no retention=workspace; What a member may do.';
comment on column workspaces.roles.name is 'pii=no; Of the role.';
comment on column workspaces.roles.permissions is 'Null for the built-in roles, whose permissions the program knows.';

create table workspaces.members (
    tenant_id  uuid        not null default nullif(current_setting('app.tenant_id', true), '')::uuid references workspaces.workspaces on delete cascade,
    user_id    uuid        not null,
    role       text        not null,
    version    bigint      not null default 1,
    created_at timestamptz not null default now(),
    primary key (tenant_id, user_id),
    foreign key (tenant_id, role) references workspaces.roles (tenant_id, name)
);
create index members_by_user on workspaces.members (user_id);
create index members_by_role on workspaces.members (tenant_id, role);
comment on table workspaces.members is 'scope=tenant pii=yes retention=workspace; Who may act in a workspace.';
comment on column workspaces.members.user_id is 'pii=id subject=user erase=delete export=yes; The user.';

create table workspaces.invitations (
    tenant_id  uuid        not null default nullif(current_setting('app.tenant_id', true), '')::uuid references workspaces.workspaces on delete cascade,
    id         uuid        not null,
    email      text        not null check (char_length(email) between 3 and 254),
    role       text        not null,
    token_hash bytea,
    expires_at timestamptz not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, token_hash),
    foreign key (tenant_id, role) references workspaces.roles (tenant_id, name)
);
create index invitations_over on workspaces.invitations (expires_at);
create unique index invitations_by_email on workspaces.invitations (tenant_id, lower(email));
comment on table workspaces.invitations is 'scope=tenant pii=yes retention=7d; Who was asked to join. A row is deleted when it is accepted.';
comment on column workspaces.invitations.email is 'pii=email subject=email erase=delete export=yes; To whom it was sent, who need not be a user yet.';
comment on column workspaces.invitations.token_hash is 'pii=credential erase=delete export=no; SHA-256 of what the link holds. Null until the mail is sent.';

alter table workspaces.workspaces enable row level security, force row level security;
alter table workspaces.roles enable row level security, force row level security;
alter table workspaces.members enable row level security, force row level security;
alter table workspaces.invitations enable row level security, force row level security;

create policy tenant on workspaces.workspaces using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy tenant on workspaces.roles using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy tenant on workspaces.members using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy tenant on workspaces.invitations using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);

create policy across_tenants on workspaces.workspaces to myapp_across_tenants using (true);
create policy across_tenants on workspaces.roles to myapp_across_tenants using (true);
create policy across_tenants on workspaces.members to myapp_across_tenants using (true);
create policy across_tenants on workspaces.invitations to myapp_across_tenants using (true);

-- Where nobody has said yet in which workspace to act, a user sees of which ones he is a member, and as what. Once it is said,
-- this shows nothing: no row of another workspace gets into its lists.
create policy own on workspaces.members for select using (
    nullif(current_setting('app.tenant_id', true), '') is null
    and user_id = nullif(current_setting('app.actor_id', true), '')::uuid);

grant select, insert, update, delete on workspaces.workspaces, workspaces.roles, workspaces.members, workspaces.invitations
    to myapp_workspaces;
grant select, delete on workspaces.workspaces, workspaces.members, workspaces.invitations to myapp_across_tenants;
