-- The answers as at a moment: what the views and functions named here are, said
-- again of the rows as they were.  A column that one of them is given comes into
-- its twin by itself.  now() is the moment: what is due, late or current is so by
-- then, and a window that is not said ends on its day.  What is dated itself (policies,
-- their clauses, attendance codes) is read as it stands; anything else that is
-- no twin fails here.

create function pg_temp.of_the_past(said text, answers text, sums text) returns text
language plpgsql stable
as $$
declare
	rows  text := (select string_agg(relname, '|') from pg_class where relnamespace = 'was'::regnamespace);
	today text;
begin
	said := regexp_replace(said, '\mapi\.(' || answers || ')\M', 'past.\1', 'g');
	said := regexp_replace(said, '\mdata\.(' || sums || '|' || rows || ')\M', 'was.\1', 'g');
	said := regexp_replace(said, '\mduty\.state\((\w+)(\.\*)?,', 'duty.state(row(\1.*)::data.duty,', 'g');
	said := regexp_replace(said, '\mnow\(\)', 'was.moment()', 'g');
	select string_agg(distinct m[1], ', ') into today
	  from regexp_matches(said, '(?<!::)\m((?:data|api|duty)\.\w+)', 'g') as m
	 where m[1] not in ('data.policy_version', 'data.clause', 'data.attendance_code')
	   and (to_regclass(m[1]) is not null and not exists (select from pg_class c where c.oid = to_regclass(m[1])
	                                                         and c.relkind = 'c')
	        or exists (select from pg_proc p where p.oid = to_regproc(m[1]) and p.provolatile <> 'i'
	                      and m[1] not in ('data.rfc3339', 'data.day_of', 'data.moment_first', 'data.moment_end')));
	if today is not null then
		raise exception 'Read as at a moment, this would be as it is today: %.', today using detail = said;
	end if;
	return said;
end;
$$;

do $$
declare
	views     constant text[] := '{visit,event,duty,agreement,promise_test,agreement_duty,risk_assessment,
		visit_assessment,amendment}';
	functions constant text[] := '{visit_is_known,agreement_is_known,pupil_is_known,window_of,
		visit_list,visit_read,event_list,duty_list,agreement_list,agreement_read,promise_test_list,agreement_duty_list,
		risk_assessment_list,visit_assessment_list,pupil_marks,pupil_attendance_read,amendment_list}';
	sums      constant text[] := '{stay_weeks,pupil_weeks}';
	answers   constant text := array_to_string(views || functions, '|');
	one       record;
begin
	for one in
		select 'view past.' || name as its, 'api.' || name as of,
		       format('create view past.%s with (security_invoker = true) as ', name)
		       || pg_get_viewdef(('api.' || name)::regclass) as said
		  from unnest(views) as name
		union all
		select 'function ' || kind.twin || '.' || name, kind.schema || '.' || name,
		       pg_get_functiondef((kind.schema || '.' || name)::regproc)
		  from (values (sums, 'data', 'was'), (functions, 'api', 'past')) as kind (names, schema, twin),
		       unnest(kind.names) as name
	loop
		execute pg_temp.of_the_past(one.said, answers, array_to_string(sums, '|'));
		execute format('comment on %s is %L', one.its, 'As ' || one.of || ' has it, at the moment asked for');
	end loop;
end;
$$;
