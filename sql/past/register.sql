-- The register as it was.  Its trail has an entry for all that a statement changed of
-- a school in a week, or of notes in a day, by pupil: audit.log_register.

-- What the sessions of a week come to follows from its marks, as ever; which of them
-- the school had decided itself, from what its people had amended.
create view was.register_week as
select w.pupil_id, w.week, w.school_urn, coalesce(e.marks, w.marks) as marks,
       coalesce(s.attended, w.attended) as attended, coalesce(s.authorised, w.authorised) as authorised,
       coalesce(s.unauthorised, w.unauthorised) as unauthorised, coalesce(s.unresolved, w.unresolved) as unresolved,
       coalesce(s.not_possible, w.not_possible) as not_possible,
       coalesce(s.administrative, w.administrative) as administrative,
       case when e.entry_id is null then w.decided
            else coalesce((select bit_or((1 << data.session_number(w.week, a.day, a.session))::smallint)
                             from was.mark_amendment a
                            where a.pupil_id = w.pupil_id and a.school_urn = w.school_urn
                              and a.day between w.week and w.week + 4 and a.by_staff_id is not null), 0::smallint)
       end as decided
  from data.register_week w
       left join lateral (
           select e.entry_id, e.before ->> w.pupil_id::text as marks from audit.entry e
            where e.record = 'data.register_week'
              and e.key = jsonb_build_object('school_urn', w.school_urn, 'week', w.week) and e.at > was.moment()
              and coalesce(e.before, e.after) ? w.pupil_id::text
            order by e.at, e.entry_id limit 1) as e on true
       left join lateral data.mark_sessions(case when e.marks is not null then array[e.marks] end) as s on true
 where e.entry_id is null or e.marks is not null;
comment on view was.register_week is 'Rows of data.register_week as they were';

-- Notes that are gone, as row-level security shows those that are there.
do $$
begin
	execute format('create view was.mark_note_gone with (security_barrier = true) as select * from (
		select n.* from audit.entry d
		       cross join lateral jsonb_populate_recordset(null::data.mark_note, d.before) as k
		       cross join lateral (select jsonb_build_array(jsonb_build_object(
		           ''pupil_id'', k.pupil_id, ''session'', k.session)) as one) as its
		       cross join lateral (
		           select e.before from audit.entry e
		            where e.record = d.record and e.key = d.key and e.at > was.moment()
		              and coalesce(e.before, e.after) @> its.one
		            order by e.at, e.entry_id limit 1) as e
		       join lateral jsonb_populate_recordset(null::data.mark_note, e.before) as n
		         on n.pupil_id = k.pupil_id and n.session = k.session
		 where d.record = ''data.mark_note'' and d.action = ''delete'' and d.at > was.moment()
		   and not exists (select from audit.entry f where f.record = d.record and f.key = d.key and f.action = ''delete''
		                      and f.at > was.moment() and f.entry_id < d.entry_id and f.before @> its.one)
		   and not exists (select from data.mark_note c where c.pupil_id = k.pupil_id and c.day = k.day
		                      and c.session = k.session and c.school_urn = k.school_urn)) as mark_note where true %s',
		pg_temp.asked_of('mark_note', false));
end;
$$;
comment on view was.mark_note_gone is 'Rows of data.mark_note that have gone since';

create view was.mark_note as
select o.pupil_id, o.day, o.session, o.school_urn,
       case when e.entry_id is null then o.minutes_late else n.minutes_late end as minutes_late,
       case when e.entry_id is null then o.comment else n.comment end as comment
  from data.mark_note o
       left join lateral (
           select e.entry_id, e.before from audit.entry e
            where e.record = 'data.mark_note'
              and e.key = jsonb_build_object('school_urn', o.school_urn, 'day', o.day) and e.at > was.moment()
              and coalesce(e.before, e.after)
                  @> jsonb_build_array(jsonb_build_object('pupil_id', o.pupil_id, 'session', o.session))
            order by e.at, e.entry_id limit 1) as e on true
       left join lateral jsonb_populate_recordset(null::data.mark_note, e.before) as n
         on n.pupil_id = o.pupil_id and n.session = o.session
 where e.entry_id is null or n.pupil_id is not null
union all
select g.* from was.mark_note_gone g;
comment on view was.mark_note is 'Rows of data.mark_note as they were';
