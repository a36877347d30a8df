-- The time that there is to answer a request for subject access: one month from
-- receipt (Article 12(3) UK GDPR), three where it was extended.  As the ICO
-- counts: to the corresponding day, or the last day of a month that has none; a
-- weekend moves it to the Monday.  Bank holidays are not known here: a due day
-- that falls on one is earlier than it need be, never later.
create or replace function data.subject_due(received_on date, months int) returns date
language sql immutable
return (select d.day + case extract(isodow from d.day) when 6 then 2 when 7 then 1 else 0 end
	  from (select (received_on + make_interval(months => months))::date as day) as d);
comment on function data.subject_due(date, int) is 'The last day to answer a request for subject access';
