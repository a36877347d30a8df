-- Penalty notices, and Notices to Improve.

create view api.penalty_notice with (security_invoker = true) as
select n.notice_id as id, n.school_urn, n.pupil_id as pupil, n.contact_id as contact, n.issued_on, n.number,
	n.first_week,
       n.last_week, n.sessions, n.unresolved, n.amount, n.reduced, n.pay_by, n.reduced_by, n.by_staff_id as "by",
       	n.reference, n.paid_on,
       n.withdrawn_on, n.withdrawn_why, n.version, n.created_at, n.updated_at
  from data.penalty_notice n;
comment on view api.penalty_notice is 'Penalty notices as the API shows them';

create function api.penalty_notice_list(school int default null, pupil bigint default null,
	updated_after timestamptz default null, after bigint default null, max_rows int default null)
returns setof api.penalty_notice
language sql stable
begin atomic
	select n.* from api.penalty_notice n
	 where (school is null or n.school_urn = school)
	   and (penalty_notice_list.pupil is null or n.pupil = penalty_notice_list.pupil)
	   and (penalty_notice_list.updated_after is null or n.updated_at > penalty_notice_list.updated_after)
	   and (after is null or n.id > after)
	 order by n.id limit max_rows;
end;
comment on function api.penalty_notice_list(int, bigint, timestamptz, bigint, int) is 'Penalty notices, by id';

create function api.penalty_notice_read(notice bigint) returns setof api.penalty_notice
language sql stable
begin atomic
	select n.* from api.penalty_notice n where n.id = notice;
end;
comment on function api.penalty_notice_read(bigint) is 'One penalty notice';

create function api.penalty_notice_problems(body jsonb) returns jsonb
language sql stable
begin atomic
	select coalesce(jsonb_agg(p), '[]') from (
		select api.school_problems(body) as p
		union all select api.staff_problems(body, 'by')
		union all select api.day_problems(body, 'issued_on')
		union all select jsonb_build_object('pointer', '/issued_on', 'detail',
			'is before 19 August 2024, when the national framework began')
		           where (body ->> 'issued_on')::date < '2024-08-19'
		union all select jsonb_build_object('pointer', '/pupil', 'detail', 'is not a pupil of this school')
		           where not exists (select from data.enrolment e where e.pupil_id = (body ->> 'pupil')::bigint
		                                and e.school_urn = (body ->> 'school_urn')::int)
		union all select jsonb_build_object('pointer', '/contact', 'detail', 'is not a contact of the pupil')
		           where not exists (select from data.contact c where c.contact_id = (body ->> 'contact')::bigint
		                                and c.pupil_id = (body ->> 'pupil')::bigint)) as found;
end;
comment on function api.penalty_notice_problems(jsonb) is 'Everything in which a penalty notice does not fit the records';

-- body: {school_urn, pupil, contact, issued_on, by, reference}.  Fails with DS409
-- and the reason where the national framework allows none; with DS422.
create function api.penalty_notice_add(body jsonb) returns setof api.penalty_notice
language plpgsql volatile
as $$
declare
	said     jsonb := jsonb_strip_nulls(body);
	day      date := coalesce((said ->> 'issued_on')::date, data.day_of(now()));
	earlier  date[];
	span     record;
	number   int;
	made     bigint;
begin
	perform api.refuse(api.penalty_notice_problems(said));
	perform pg_advisory_xact_lock(hashtext('penalty notice'), (said ->> 'pupil')::int);
	earlier := data.penalty_days((said ->> 'pupil')::bigint, (said ->> 'contact')::bigint);
	if earlier[cardinality(earlier)] > day then
		raise exception 'A later notice to this parent is recorded, of %: notices are recorded in their order.',
			earlier[cardinality(earlier)] using errcode = 'DS409';
	end if;
	number := data.penalty_number(earlier, day);
	if number > 2 then
		raise exception 'Two notices for this child in the three years that run from the first (%): a third is not allowed.',
			array_to_string(earlier, ', ') using errcode = 'DS409';
	end if;
	select r.* into span from data.penalty_reached((said ->> 'pupil')::bigint, (said ->> 'school_urn')::int, day,
		earlier[cardinality(earlier)]) r;
	if not found then
		raise exception 'The national threshold is not reached: ten unauthorised sessions in ten school weeks%.',
			coalesce(' since the notice of ' || earlier[cardinality(earlier)], '') using errcode = 'DS409';
	end if;
	insert into data.penalty_notice (school_urn, pupil_id, contact_id, person_key, issued_on, number, first_week,
		last_week,
	                                 sessions, unresolved, amount, reduced, pay_by, reduced_by, by_staff_id, reference,
	                                 	client_id)
	select (said ->> 'school_urn')::int, (said ->> 'pupil')::bigint, c.contact_id,
	       data.person_key(c.given_name, c.family_name, c.phone), day, number, span.first_week, span.last_week,
	       	span.sessions,
	       span.unresolved, 160, case number when 1 then 80 end, day + 28, case number when 1 then day + 21 end,
	       (said ->> 'by')::bigint, said ->> 'reference', auth.client_id()
	  from data.contact c where c.contact_id = (said ->> 'contact')::bigint
	returning notice_id into made;
	return query select n.* from api.penalty_notice n where n.id = made;
end;
$$;
comment on function api.penalty_notice_add(jsonb) is 'Records a penalty notice, where the national framework allows one';

-- body: JSON Merge Patch of reference, paid_on, withdrawn_on, withdrawn_why.
-- Fails with DS404, DS412, DS422.
create function api.penalty_notice_change(notice bigint, if_match text[], body jsonb) returns setof api.penalty_notice
language plpgsql volatile
as $$
declare
	was    data.penalty_notice;
	now_so data.penalty_notice;
begin
	select n.* into was from data.penalty_notice n where n.notice_id = notice for update;
	perform api.want_version(if_match, was.version);
	now_so := jsonb_populate_record(was, body);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select api.day_problems(body, 'paid_on', 'withdrawn_on') as p
		union all select jsonb_build_object('pointer', '/' || m.name, 'detail', 'must not be before it was issued')
		            from (values ('paid_on', now_so.paid_on), ('withdrawn_on', now_so.withdrawn_on)) as m (name, day)
		           where m.day < was.issued_on
		union all select jsonb_build_object('pointer', '/withdrawn_why', 'detail',
			'is required to withdraw a notice, and only then')
		           where (now_so.withdrawn_on is null) <> (now_so.withdrawn_why is null)
		union all select jsonb_build_object('pointer', '/withdrawn_on', 'detail',
			'cannot be taken back: record the notice anew')
		           where was.withdrawn_on is not null and now_so.withdrawn_on is null) as found));
	update data.penalty_notice n
	   set reference = now_so.reference, paid_on = now_so.paid_on, withdrawn_on = now_so.withdrawn_on,
	       withdrawn_why = now_so.withdrawn_why
	 where n.notice_id = notice;
	return query select n.* from api.penalty_notice n where n.id = notice;
end;
$$;
comment on function api.penalty_notice_change(bigint, text[], jsonb) is 'Changes a penalty notice, if it is as the caller knows it';

create view api.improvement_notice with (security_invoker = true) as
select i.notice_id as id, i.school_urn, i.pupil_id as pupil, i.issued_on, i.ends_on, i.record, i.support,
	i.further_support,
       i.improvement, i.letter_id as letter, i.by_staff_id as "by", i.result, i.result_on, i.result_note, i.version,
       i.created_at, i.updated_at
  from data.improvement_notice i;
comment on view api.improvement_notice is 'Notices to Improve as the API shows them';

create function api.improvement_notice_list(school int default null, pupil bigint default null,
	updated_after timestamptz default null, after bigint default null, max_rows int default null)
returns setof api.improvement_notice
language sql stable
begin atomic
	select i.* from api.improvement_notice i
	 where (school is null or i.school_urn = school)
	   and (improvement_notice_list.pupil is null or i.pupil = improvement_notice_list.pupil)
	   and (improvement_notice_list.updated_after is null or i.updated_at > improvement_notice_list.updated_after)
	   and (after is null or i.id > after)
	 order by i.id limit max_rows;
end;
comment on function api.improvement_notice_list(int, bigint, timestamptz, bigint, int) is 'Notices to Improve, by id';

create function api.improvement_notice_read(notice bigint) returns setof api.improvement_notice
language sql stable
begin atomic
	select i.* from api.improvement_notice i where i.id = notice;
end;
comment on function api.improvement_notice_read(bigint) is 'One Notice to Improve';

-- body: {school_urn, pupil, issued_on, ends_on, record, support,
-- further_support, improvement, letter, by}.  Fails with DS422.
create function api.improvement_notice_add(body jsonb) returns setof api.improvement_notice
language plpgsql volatile
as $$
declare
	said jsonb := jsonb_strip_nulls(body);
	made bigint;
begin
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select api.school_problems(said) as p
		union all select api.staff_problems(said, 'by')
		union all select api.day_problems(said, 'issued_on')
		union all select jsonb_build_object('pointer', '/ends_on', 'detail', 'must be three to six weeks after issued_on')
		           where (said ->> 'ends_on')::date - (said ->> 'issued_on')::date not between 21 and 42
		union all select jsonb_build_object('pointer', '/pupil', 'detail', 'is not a pupil of this school')
		           where not exists (select from data.enrolment e where e.pupil_id = (said ->> 'pupil')::bigint
		                                and e.school_urn = (said ->> 'school_urn')::int)
		union all select jsonb_build_object('pointer', '/letter', 'detail', 'is not a letter of this school about the pupil')
		           where said ? 'letter' and not exists (select from data.letter l
		           	where l.letter_id = (said ->> 'letter')::bigint
		                 and l.pupil_id = (said ->> 'pupil')::bigint
		                 	and l.school_urn = (said ->> 'school_urn')::int)) as found));
	insert into data.improvement_notice (school_urn, pupil_id, issued_on, ends_on, record, support, further_support,
	                                     improvement, letter_id, by_staff_id, client_id)
	values ((said ->> 'school_urn')::int, (said ->> 'pupil')::bigint, (said ->> 'issued_on')::date,
		(said ->> 'ends_on')::date,
	        said ->> 'record', said ->> 'support', said ->> 'further_support', said ->> 'improvement',
	        (said ->> 'letter')::bigint, (said ->> 'by')::bigint, auth.client_id())
	returning notice_id into made;
	return query select i.* from api.improvement_notice i where i.id = made;
end;
$$;
comment on function api.improvement_notice_add(jsonb) is 'Records a Notice to Improve';

-- body: JSON Merge Patch of letter, result, result_on, result_note.  Fails with
-- DS404, DS412, DS422.
create function api.improvement_notice_change(notice bigint, if_match text[], body jsonb)
returns setof api.improvement_notice
language plpgsql volatile
as $$
declare
	was    data.improvement_notice;
	now_so data.improvement_notice;
begin
	select i.* into was from data.improvement_notice i where i.notice_id = notice for update;
	perform api.want_version(if_match, was.version);
	now_so := jsonb_populate_record(was, body);
	now_so.letter_id := case when body ? 'letter' then (body ->> 'letter')::bigint else was.letter_id end;
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select api.day_problems(body, 'result_on') as p
		union all select jsonb_build_object('pointer', '/result_on', 'detail', 'is required with a result, and only then')
		           where (now_so.result is null) <> (now_so.result_on is null)
		union all select jsonb_build_object('pointer', '/result_on', 'detail', 'must not be before it was issued')
		           where now_so.result_on < was.issued_on
		union all select jsonb_build_object('pointer', '/letter', 'detail', 'is not a letter of this school about the pupil')
		           where now_so.letter_id is not null and not exists (select from data.letter l
		                 where l.letter_id = now_so.letter_id and l.pupil_id = was.pupil_id
		                 	and l.school_urn = was.school_urn)) as found));
	update data.improvement_notice i
	   set letter_id = now_so.letter_id, result = now_so.result, result_on = now_so.result_on,
	   	result_note = now_so.result_note
	 where i.notice_id = notice;
	return query select i.* from api.improvement_notice i where i.id = notice;
end;
$$;
comment on function api.improvement_notice_change(bigint, text[], jsonb) is 'Says what came of a Notice to Improve, if it is as the caller knows it';
