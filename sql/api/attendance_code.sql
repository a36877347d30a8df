create view api.attendance_code with (security_invoker = true) as
select row_number() over (order by c.code, c.valid_from) as id, c.code, c.title, c.class,
       c.class in ('attending', 'approved_educational_activity') as attended,
       c.class not in ('not_possible', 'administrative') as possible, c.class = 'unauthorised' as counts_to_penalty,
       nullif(c.valid_from, '-infinity') as valid_from, c.valid_to
  from data.attendance_code c;
comment on view api.attendance_code is 'The attendance codes as the API shows them; unauthorised absence counts to the national penalty-notice threshold';

-- day: those that may be used on that day.
create function api.attendance_code_list(day date default null, after bigint default null, max_rows int default null)
returns setof api.attendance_code
language sql stable
begin atomic
	select c.* from api.attendance_code c
	 where (day is null or day between coalesce(c.valid_from, '-infinity') and coalesce(c.valid_to, 'infinity'))
	   and (after is null or c.id > after)
	 order by c.id limit max_rows;
end;
comment on function api.attendance_code_list(date, bigint, int) is 'The attendance codes, by code';
