-- Marks that were changed; and how somebody of the school changes one.

create view api.amendment with (security_invoker = true) as
select a.amendment_id as id, a.pupil_id as pupil, a.school_urn, a.day as date, a.session, a.was, a.is_now, a.reason,
       a.by_staff_id as "by", a.import_id as import, a.amended_at
  from data.mark_amendment a;
comment on view api.amendment is 'Amended marks as the API shows them';

create function api.amendment_list(pupil bigint, "from" date default null, "to" date default null,
	after bigint default null, max_rows int default null) returns setof api.amendment
language plpgsql stable rows 20
as $$
begin
	perform api.pupil_is_known(pupil);
	return query
	select a.* from api.amendment a
	 where a.pupil = amendment_list.pupil
	   and ("from" is null or a.date >= "from") and ("to" is null or a.date <= "to")
	   and (after is null or a.id > after)
	 order by a.id limit max_rows;
end;
$$;
comment on function api.amendment_list(bigint, date, date, bigint, int) is 'Amended marks of a pupil, by id';

-- What does not fit the records in an amendment; [{"pointer": …, "detail": …}].
create function api.amendment_problems(pupil bigint, body jsonb) returns jsonb
language sql stable
begin atomic
	select coalesce(jsonb_agg(p), '[]') from (
		select p from api.school_problems(body) as p
		union all
		select p from api.day_problems(body, 'date') as p
		union all
		select p from api.staff_problems(body, 'by') as p
		union all
		select jsonb_build_object('pointer', '/date', 'detail', 'is a Saturday or a Sunday, and the register has none')
		 where extract(isodow from (body ->> 'date')::date) > 5
		union all
		select jsonb_build_object('pointer', '/date', 'detail', 'is before August 2015, when this register begins')
		 where (body ->> 'date')::date < '2015-08-03'
		union all
		select jsonb_build_object('pointer', '/code', 'detail', 'is not an attendance code that could be used on that day')
		 where body ->> 'code' <> '-'
		   and not exists (select from data.attendance_code c
		                    where c.code = body ->> 'code'
		                      and (body ->> 'date')::date between c.valid_from and coalesce(c.valid_to, 'infinity'))
		union all
		select jsonb_build_object('pointer', '/date', 'detail', 'is outside the time on the roll of this school')
		 where not exists (select from data.enrolment e
		                    where e.pupil_id = pupil and e.school_urn = (body ->> 'school_urn')::int
		                      and (body ->> 'date')::date between e.admitted_on and coalesce(e.left_on, 'infinity'))
	) as found (p);
end;
comment on function api.amendment_problems(bigint, jsonb) is 'What does not fit the records in an amendment';

-- A mark as the school decides it: no import changes it any more.  Fails with
-- DS404, DS409 where the mark is that already, DS422.
create function api.amend(pupil bigint, body jsonb) returns setof api.amendment
language plpgsql volatile
as $$
declare
	school int := (body ->> 'school_urn')::int;
	monday date := data.monday_of((body ->> 'date')::date);
	n      int := data.session_number(monday, (body ->> 'date')::date, (body ->> 'session')::data.session);
	stored data.register_week;
	symbol text := coalesce((select c.symbol::text from data.attendance_code c
	                          where c.code = body ->> 'code'
	                            and (body ->> 'date')::date between c.valid_from
	                                                            and coalesce(c.valid_to, 'infinity')), '-');
	made   bigint;
begin
	perform api.pupil_is_known(pupil);
	perform api.refuse(api.amendment_problems(pupil, body));
	insert into data.register_week (pupil_id, week, school_urn, marks, attended, authorised, unauthorised, unresolved,
	                                not_possible, administrative)
	values (pupil, monday, school, '          ', 0, 0, 0, 0, 0, 0) on conflict do nothing;
	select w.* into stored from data.register_week w
	 where w.pupil_id = pupil and w.week = monday and w.school_urn = school for update;
	if substr(stored.marks, n + 1, 1) = symbol and stored.decided & (1 << n) <> 0 then
		raise exception 'The mark is % already, by a decision of the school.', body ->> 'code' using errcode = 'DS409';
	end if;
	update data.register_week w
	   set (marks, attended, authorised, unauthorised, unresolved, not_possible, administrative)
	       = (select s.* from data.mark_sessions(array[overlay(w.marks placing symbol from n + 1)]) as s),
	       decided = w.decided | (1 << n)
	 where w.pupil_id = pupil and w.week = monday and w.school_urn = school;
	if substr(stored.marks, n + 1, 1) <> symbol then -- what was noted was noted of the other mark
		delete from data.mark_note o
		 where (o.pupil_id, o.day, o.session, o.school_urn)
		       = (pupil, (body ->> 'date')::date, (body ->> 'session')::data.session, school);
	end if;
	insert into data.mark_amendment (pupil_id, school_urn, day, session, was, is_now, reason, by_staff_id, client_id)
	values (pupil, school, (body ->> 'date')::date, (body ->> 'session')::data.session,
	        coalesce(data.code_of(substr(stored.marks, n + 1, 1)), '-'), body ->> 'code', body ->> 'reason',
	        (body ->> 'by')::bigint, auth.client_id())
	returning amendment_id into made;
	perform api.school_weeks_renew(array[school], array[monday]);
	return query select a.* from api.amendment a where a.id = made;
end;
$$;
comment on function api.amend(bigint, jsonb) is 'Amends a mark by a decision of the school';
