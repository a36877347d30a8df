# TAP: an agreement is ended while it is renewed.  Run by ./run, which has made the
# cluster.
#
# Whoever comes second finds it over, and renews nothing.
set -u
here=$(dirname "$0")
. "$here/race.sh"
echo 1..3

$psql_race >/dev/null <<-SQL
	\i $here/helpers.sql
	\i $here/agreements_of.sql
	select t.school(900001, 'potton'), t.client('a', '{900001}', '{visits:read,agreements:read,agreements:write}');
	select t.staff('AO', 900001, 'Officer', '{attendance_officer}') as officer, t.pupil(1, 900001) as pupil \gset
	\set no_o '[{"side": "family", "kind": "no_marks", "codes": ["O"], "days": 15}]'
	select t.agree(:pupil, :officer, :'no_o');
SQL

ended="update data.agreement set ended_on = '2026-02-01', end_reason = 'They moved', ended_by = by_staff_id"
renew="select t.run('a', format('select api.agreement_add(%L)', t.body(pupil_id, by_staff_id,
	'[{\"side\": \"family\", \"kind\": \"no_marks\", \"codes\": [\"U\"], \"days\": 5}]',
	jsonb_build_object('renews', agreement_id)))) from data.agreement"

first "begin; $ended;"
other "$renew"
is "$(cat "$scratch/other")" "" "who renews an agreement that is being ended waits"
first "commit;"
settle
is "$(cat "$scratch/other")" DS422 "and is refused"
is "$($psql_race -c "select count(*) || ' ' || min(state::text) from data.agreement")" "1 ended" "it is ended, and not renewed"
