-- Marks that a school amends: what is kept, what is refused, and that imports
-- leave them.
begin;
\ir helpers.sql
select plan(37);

select t.school(900001), t.school(900002), t.client('a', '{900001}', '{visits:read,attendance:read,attendance:write}'),
       t.client('b', '{900002}', '{visits:read,attendance:read,attendance:write}') \gset
select t.pupil(1, 900001) as p, t.pupil(2, 900002) as foreign, t.staff('A1', 900001) as staff, t.staff('B1', 900002) as other \gset
select t.marks(:p, 900001, '2025-09-15', '/\NN/\I-  ') \gset

create function t.amend(pupil bigint, staff bigint, more jsonb default '{}', client text default 'a') returns text
language sql
return t.get(client, format($$ select concat_ws(' ', x.date, x.session, x.was, x.is_now, x.reason, x."by") from api.amend(%s, %L) x $$,
	pupil, jsonb_build_object('school_urn', 900001, 'date', '2025-09-16', 'session', 'AM', 'code', 'I', 'reason', 'Rang at nine',
	                          'by', staff) || more), 'doorstep_register');
create function t.refused(pupil bigint, staff bigint, more jsonb) returns text
language sql
return t.problems('a', format($$ select * from api.amend(%s, %L) $$,
	pupil, jsonb_build_object('school_urn', 900001, 'date', '2025-09-16', 'session', 'AM', 'code', 'I', 'reason', 'Rang at nine',
	                          'by', staff) || more), 'doorstep_register');
create function t.week(pupil bigint, monday date) returns text
language sql
return (select concat_ws('|', w.marks, w.attended, w.authorised, w.unauthorised, w.unresolved, w.decided)
          from data.register_week w where w.pupil_id = pupil and w.week = monday);

-- What is kept
select is(t.amend(:p, :staff), format('2025-09-16 AM N I Rang at nine %s', :staff), 'the original mark, the amended one, the reason, the day and the person are told');
select is(t.week(:p, '2025-09-15'), '/\IN/\I-  |51|68|8|8|4', 'the mark is the amended one, and its session is decided');
select is((select concat_ws(' ', a.was, a.is_now, a.reason, a.by_staff_id, a.client_id, a.import_id is null, a.amended_at > now() - interval '1 hour')
             from data.mark_amendment a), format('N I Rang at nine %s a t t', :staff), 'all of it is kept, with the client and the time');
select is((select e.action from audit.entry e where e.record = 'data.mark_amendment' order by entry_id desc limit 1), 'insert', 'and audited');
select is(t.amend(:p, :staff), 'DS409', 'it is not amended to what the school decided already');
select is(t.amend(:p, :staff, '{"code": "M"}'), format('2025-09-16 AM I M Rang at nine %s', :staff), 'but to another code it is, from the last one');
select is(t.amend(:p, :staff, '{"session": "PM", "code": "N"}'), format('2025-09-16 PM N N Rang at nine %s', :staff),
	'a mark that is right already can be decided');
select is(t.week(:p, '2025-09-15'), '/\MN/\I-  |51|68|8|8|12', 'which keeps the sessions decided before');
select is(t.amend(:p, :staff, '{"date": "2025-09-18", "session": "PM", "code": "\\"}'), format('2025-09-18 PM - \ Rang at nine %s', :staff), 'where no mark was taken there was -');
select is(t.amend(:p, :staff, '{"date": "2025-09-19", "session": "PM", "code": "C2"}'), format('2025-09-19 PM - C2 Rang at nine %s', :staff),
	'and where nothing was known, likewise; a code may have two characters');
select is(t.week(:p, '2025-09-15'), '/\MN/\I\ 2|179|580|8|8|652', 'each in its place');
select is(t.amend(:p, :staff, '{"date": "2025-09-15", "code": "-"}'), format('2025-09-15 AM / - Rang at nine %s', :staff), 'a mark can be taken back');
select is(t.week(:p, '2025-09-15'), '-\MN/\I\ 2|178|580|8|8|653', 'so that none stands there');
select is(t.amend(:p, :staff, '{"date": "2025-11-03"}'), format('2025-11-03 AM - I Rang at nine %s', :staff), 'a week that is not there yet is made');
select is((select held from data.school_week where school_urn = 900001 and week = '2025-11-03'), 1::smallint, 'and the school held that session');
select is(t.amend(:p, :staff, '{"date": "2024-07-18", "code": "H"}'), format('2024-07-18 AM - H Rang at nine %s', :staff), 'a code of its time can be used for that time');
insert into data.mark_note values (:p, '2025-09-17', 'AM', 900001, 5, 'Bus'), (:p, '2025-09-17', 'PM', 900001, null, 'Rang');
select is(t.amend(:p, :staff, '{"date": "2025-09-17", "session": "AM", "code": "B"}') ~ ' / B ', true, 'where the mark changes');
select is((select string_agg(comment, ' ') from data.mark_note where pupil_id = :p), 'Rang', 'what was noted of the other mark goes, and nothing else');

-- What is refused
select is(t.refused(:p, :staff, more::jsonb), format('[{"detail": "%s", "pointer": "%s"}]', detail, pointer), why)
  from (values
	('{"date": "2025-09-20"}', '/date', 'is a Saturday or a Sunday, and the register has none', 'a Saturday'),
	('{"date": "2025-09-21"}', '/date', 'is a Saturday or a Sunday, and the register has none', 'a Sunday'),
	('{"code": "Ä"}', '/code', 'is not an attendance code that could be used on that day', 'a code that there never was'),
	('{"code": "c"}', '/code', 'is not an attendance code that could be used on that day', 'a symbol that is no code'),
	('{"code": "i"}', '/code', 'is not an attendance code that could be used on that day', 'a code in small letters'),
	('{"code": "2"}', '/code', 'is not an attendance code that could be used on that day', 'the symbol of a code'),
	('{"code": "H"}', '/code', 'is not an attendance code that could be used on that day', 'a code that is no longer used'),
	('{"date": "2024-07-18", "code": "C2"}', '/code', 'is not an attendance code that could be used on that day', 'a code that was not yet used'),
	('{"date": "2020-08-28"}', '/date', 'is outside the time on the roll of this school', 'before admission')) as r (more, pointer, detail, why);
select is(t.refused(:p, :staff, jsonb_build_object('date', data.day_of(now()) + 3 + 7)) like '%is in the future%', true, 'a day that has not come');
select is(t.refused(:p, :other, '{}') like '%"/by"%', true, 'a person of another school');
select is(t.refused(:p, :staff, '{"school_urn": 900002}') like '%"/school_urn"%', true, 'another school');
select is(t.amend(:p, :staff, '{}', 'b'), 'DS404', 'for another school''s client there is no such pupil');
select is(t.amend(999999, :staff), 'DS404', 'nor is there one that there is not');
select is(t.week(:p, '2025-09-15'), '-\MNB\I\ 2|178|580|8|8|669', 'nothing of that changed anything');

-- The list
select is(t.get('a', format($$ select count(*) || ' ' || count(distinct x.id) from api.amendment_list(%s) x $$, :p), 'doorstep_register'), '9 9',
	'the list has every amendment');
select is(t.get('a', format($$ select string_agg(x.was || x.is_now, ' ' order by x.id) from api.amendment_list(%s, '2025-09-16', '2025-09-16') x $$, :p),
	'doorstep_reports'), 'NI IM NN', 'of these days, in their order');
select is(t.run('b', format($$ select * from api.amendment_list(%s) $$, :p), 'doorstep_register'), 'DS404', 'for another school''s client there is none');
select is(t.run('a', $$ update data.mark_amendment set reason = 'x' $$, 'doorstep_register'), '42501', 'nobody rewrites an amendment');

select * from finish();
rollback;
