-- +goose Up
create table clock.last_day (
    day date primary key
);
comment on table clock.last_day is 'scope=platform pii=no retention=forever; The last day of UTC that was told to be over, in one row. Who moves it on publishes the event.';

create unique index last_day_one on clock.last_day ((true));
insert into clock.last_day (day) values ((now() at time zone 'UTC')::date - 1);

grant select, update on clock.last_day to myapp_clock;
