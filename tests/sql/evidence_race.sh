# TAP: a mark is changed while evidence is frozen.  Run by ./run, which has made the cluster.
#
# Either the change comes first, and the evidence has it, or the evidence does,
# and the change is told: none slips in between.
set -u
here=$(dirname "$0")

. "$here/race.sh"
echo 1..6

$psql_race >/dev/null <<-SQL
	\i $here/helpers.sql
	select t.school(900001, 'potton'), t.client('a', '{900001}', '{visits:read,referrals:read,referrals:write,decisions:write}');
	select t.staff('AO', 900001, 'Officer', '{attendance_officer}'), t.pupil(1, 900001), t.pupil(2, 900001), t.pupil(3, 900001);
	select t.marks(p.pupil_id, 900001, d::date, 'OOOOOOOOOO')
	  from data.pupil p, generate_series('2026-03-02'::date, '2026-05-25', '7 days') as d where d <> '2026-05-18';
SQL

propose="select t.run('a', format('select api.referral_propose(%L)', jsonb_build_object('school_urn', 900001, 'pupil', p.pupil_id,
	'by', s.staff_id, 'reason', 'x', 'as_of', '2026-05-31'))) from data.pupil p, data.staff s where p.upn = t.upn"
change="update data.register_week set marks = 'IOOOOOOOOO', authorised = 1, unauthorised = 1022
	where week = '2026-03-02' and pupil_id = (select pupil_id from data.pupil where upn = t.upn"
print="select substring(content from 'day=\"2026-03-02\" session=\"AM\" school=\"900001\" code=\"(.)\"') from data.evidence_part
	join data.referral using (referral_id) join data.pupil using (pupil_id) where name = 'attendance.xml' and upn = t.upn"

first "begin; $change(1));"
other "$propose(1)"
first "commit;"
settle
is "$($psql_race -c "$print(1)")" I "a change that came first is in the evidence"
is "$($psql_race -c "select count(*) from data.evidence_change")" 0 "and is not told as one that came later"

first "begin; $propose(2);"
other "$change(2))"
first "commit;"
settle
is "$($psql_race -c "$print(2)")" O "a change that waits for the evidence is not in it"
is "$($psql_race -c "select was || is_now from data.evidence_change")" OI "and is told"

# A week that nobody knew of.
first "begin; $propose(3);"
other "select t.marks(pupil_id, 900001, '2026-05-18', 'OOOOOOOOOO') from data.pupil where upn = t.upn(3)"
first "commit;"
settle
print3="select count(*) from data.evidence_part join data.referral using (referral_id) join data.pupil using (pupil_id)
	where name = 'attendance.xml' and upn = t.upn(3) and content like '%2026-05-18%code=%'"
is "$($psql_race -c "$print3")" 0 "marks that wait for the evidence are not in it"
is "$($psql_race -c "select count(*) from data.evidence_change join data.referral using (referral_id) join data.pupil using (pupil_id)
	where upn = t.upn(3) and was = '-' and is_now = 'O'")" 10 "and are told"
