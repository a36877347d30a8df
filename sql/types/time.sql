-- Times as the API writes and reads them.

create or replace function data.rfc3339(at timestamptz) returns text
language sql stable strict parallel safe
return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
comment on function data.rfc3339(timestamptz) is 'A time in UTC as RFC 3339, to the second';

-- The first instant that a filter means: a time as it stands, a day from its
-- midnight in the United Kingdom.
create or replace function data.moment_first(moment text) returns timestamptz
language sql stable strict parallel safe
return case when length(moment) = 10 then moment::date::timestamp at time zone 'Europe/London'
            else moment::timestamptz end;
comment on function data.moment_first(text) is 'The first instant of a day or time given as a filter';

-- The instant before which a filter means: a day to its end, a time with
-- itself included (to the microsecond that PostgreSQL keeps).
create or replace function data.moment_end(moment text) returns timestamptz
language sql stable strict parallel safe
return case when length(moment) = 10 then (moment::date + 1)::timestamp at time zone 'Europe/London'
            else moment::timestamptz + interval '1 microsecond' end;
comment on function data.moment_end(text) is 'The instant before which a day or time given as a filter ends';

-- The day in the United Kingdom.
create or replace function data.day_of(at timestamptz) returns date
language sql stable strict parallel safe
return (at at time zone 'Europe/London')::date;
comment on function data.day_of(timestamptz) is 'The day in the United Kingdom';

-- A post or a stay on a roll.
create or replace function data.lasts(left_on date) returns boolean
language sql stable
return coalesce(left_on >= data.day_of(now()), true);
comment on function data.lasts(date) is 'Whether what has this last day has not ended: it lasts through that day in the United Kingdom, and on where none is known';
