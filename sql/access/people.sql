-- Of a person, what is asked of each table besides: the scope for its kind, which the
-- roles of their posts give (auth.rights), and how far that reaches: all of the school
-- at which they act, or their own visits.  Of a program its scopes are asked where it
-- begins.  A table that is not here is seen by people as by programs.
--
-- Restrictive, and said as "is not null": the planner takes that to hold of nearly
-- every row, as it does, where of a boolean it would expect half.
do $$
declare
	rule  record;
	verb  text;
	-- whose own policies for reading ask it, since nearly every request reads them
	elsewhere constant text[] := '{post,staff,enrolment,pupil}';
	of_visits constant text[] := '{visits,records,concerns,incidents,alarms}';
	own_visit constant text := 'visit_id = any ((select auth.own_visits())::bigint[])';
	-- written by them, or of a visit of theirs: who joins the team of one to come has not been there yet
	own_concern constant text := format('by_staff_id = (select auth.staff_id()) or (%s and exists
		(select from data.visit v where v.visit_id = %%1$I.visit_id and v.departed_at is not null))', own_visit);
	of_own constant jsonb := jsonb_build_object(
		'visit', own_visit || ' or planned_by = (select auth.staff_id())',
		'delegation', 'true',
		'concern', format(own_concern, 'concern'),
		'concern written', own_visit,
		'external_referral', format(own_concern, 'external_referral'),
		'external_referral written', own_visit,
		'contact', 'pupil_id = any ((select auth.own_pupils())::bigint[])',
		'social_worker', 'pupil_id = any ((select auth.own_pupils())::bigint[])',
		-- the general one is everybody's to read; who goes alone has one of their own
		'risk_assessment', own_visit || ' or (visit_id is null and (kind = ''general''
			or pupil_id = any ((select auth.own_pupils())::bigint[]) or staff_id = (select auth.staff_id())))',
		'risk_assessment written', own_visit || ' or staff_id = (select auth.staff_id())',
		'risk_hazard', 'exists (select from data.risk_assessment a where a.assessment_id = risk_hazard.assessment_id)',
		'risk_hazard written', 'exists (select from data.risk_assessment a
			where a.assessment_id = risk_hazard.assessment_id and a.by_staff_id = (select auth.staff_id()))',
		'hazard', 'false', -- those of their visits are told with the visit
		'rung', 'exists (select from data.escalation x where x.escalation_id = rung.escalation_id)',
		'notification', own_visit || ' or staff_id = (select auth.staff_id())');
begin
	for rule in
		select n.name, k.reading, k.writing from (values
			('schools', 'schools', '{school}'),
			('policies', 'schools', '{adoption}'),
			('staff', 'staff', '{staff,post}'),
			('pupils', 'pupils', '{pupil,enrolment}'),
			('contacts', 'contacts', '{contact,social_worker}'),
			('visits', 'visits', '{visit,visit_pupil,team_member,event,approval_request}'),
			('visits', 'approvals', '{approval_decision,delegation}'),
			('risk', 'risk', '{risk_assessment,risk_hazard,hazard}'),
			('records', 'records', '{visit_record}'),
			('concerns', 'concerns', '{concern,external_referral}'),
			('incidents', 'incidents', '{incident,accident,intervention,debrief}'),
			('alarms', 'alarms', '{escalation,rung,notification}'),
			('checks', 'checks', '{staff_check,training,policy_reading,vehicle,allergy,next_of_kin}'),
			('attendance', 'attendance', '{register_week,school_week,mark_note,mark_amendment}'),
			('agreements', 'agreements', '{agreement,promise,promise_test,letter}'),
			('referrals', 'referrals', '{referral,evidence_part,evidence_change,penalty_notice,improvement_notice}'),
			('changes', 'changes', '{change}'),
			('subject', 'subject', '{subject_request,subject_item,redaction}')) as k (reading, writing, tables),
			unnest(k.tables::text[]) as n (name)
	loop
		foreach verb in array array['select', 'insert', 'update', 'delete'] loop
			continue when verb = 'select' and rule.name = any (elsewhere);
			execute format('create policy of_people_%1$s on data.%2$I as restrictive for %1$s
				to doorstep_records, doorstep_register, doorstep_reports
				%3$s (nullif(coalesce((select auth.reaches_all(%4$L, %5$L)), %6$s), false) is not null)', verb, rule.name,
				case verb when 'insert' then 'with check' else 'using' end,
				case verb when 'select' then rule.reading else rule.writing end, verb <> 'select',
				coalesce(case when verb <> 'select' then of_own ->> (rule.name || ' written') end,
				         of_own ->> rule.name, case when rule.reading = any (of_visits) then own_visit else 'true' end));
		end loop;
	end loop;
end;
$$;

-- What is about a visit or else about an agreement takes the scope for visits in the one
-- case; for agreements there is a policy of its own.
do $$
declare
	either regclass;
begin
	foreach either in array array['data.duty', 'data.deviation']::regclass[] loop
		execute format('create policy of_people_select on %s as restrictive for select
			to doorstep_records, doorstep_reports
			using (visit_id is null or nullif(coalesce((select auth.reaches_all(''visits'', false)),
				visit_id = any ((select auth.own_visits())::bigint[])), false) is not null)', either);
	end loop;
end;
$$;
create policy of_people_insert on data.deviation as restrictive for insert to doorstep_records
	with check (visit_id is null or coalesce((select auth.reaches_all('visits', true)),
	                                         visit_id = any ((select auth.own_visits())::bigint[])));

-- A person plans in their own name, and signs in their own name: what takes somebody's
-- word for it is not signed for another.
create policy own_name on data.visit as restrictive for insert to doorstep_records
	with check (planned_by is not distinct from (select auth.staff_id()));
do $$
declare
	signed record;
begin
	for signed in select * from (values
		('data.approval_request', 'by_staff_id', 'insert'), ('data.approval_decision', 'by_staff_id', 'insert'),
		('data.deviation', 'by_staff_id', 'insert'), ('data.risk_assessment', 'by_staff_id', 'insert'),
		('data.agreement', 'ended_by', 'update'), ('data.promise', 'settled_by', 'update'),
		('data.referral', 'proposed_by', 'insert'), ('data.referral', 'decided_by', 'update'),
		('data.referral', 'notified_by', 'update'), ('data.referral', 'withdrawn_by', 'update'),
		('data.penalty_notice', 'by_staff_id', 'insert'), ('data.improvement_notice', 'by_staff_id', 'insert'),
		('data.redaction', 'by_staff_id', 'insert')) as s (name, staff, verb)
	loop
		execute format('create policy signed_%2$s on %1$s as restrictive for %3$s to doorstep_records
			with check (%2$s is null or (select auth.staff_id()) is null or %2$s = (select auth.staff_id()))',
			signed.name, signed.staff, signed.verb);
	end loop;
end;
$$;
