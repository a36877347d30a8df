# TAP: what somebody may changes while they sign in.  Run by ./run, which has made the cluster.
#
# Either the change comes first, and the session has no more than that, or the session
# does, and the change ends it: none goes on with what was taken away.
set -u
here=$(dirname "$0")

. "$here/race.sh"
echo 1..15

$psql_race >/dev/null <<-SQL
	\i $here/helpers.sql
	select t.school(900001), t.client('a', '{900001}', '{visits:read,visits:write}');
	select t.staff('S1', 900001, 'Head', '{headteacher}');
	update data.staff set email = 'head@school.test';
	select auth.account_create(staff_id) from data.staff;
	update auth.account set password_hash = '\$argon2id\$';
SQL

# sign_in TOKEN [WAS]
sign_in()
{
	echo "select t.get(null, format('select auth.sign_in_done(%L, %L, null, %L, %L, null, null, %L, 3600, null, null, %L) ->> %L',
		'head@school.test', '192.0.2.1', t.hash('d$1'), '\$argon2id\$', t.hash('$1'), t.hash(nullif('${2-}', '')), 'school'), 'doorstep_auth');"
}

# What a token allows of this: t, f, or nothing where it does not hold.
allows()
{
	$psql_race -c "select '$2' = any (scopes) from auth.token where token_hash = decode(t.hash('$1'), 'hex') and revoked_at is null"
}

roles() { echo "update data.post set roles = '{$1}';"; }

first "begin; $(roles office)"
other "$(sign_in one)"
first "commit;"
settle
is "$(cat "$scratch/other")" 900001 "who signs in while their roles change does so"
is "$(allows one accounts:write)" f "with those that they have then"
is "$(allows one visits:write)" t "and with all of them"

$psql_race -c "$(roles headteacher)"
first "begin; $(sign_in two)"
other "$(roles office)"
first "commit;"
settle
is "$(allows two accounts:write)" "" "who is signed in when their roles change is signed out"

# A session that another takes the place of.
$psql_race -c "$(sign_in three)" >"$scratch/three"
first "begin; select from data.post for update;"
other "$(sign_in four three)"
first "$(roles governor) commit;"
settle
is "$(cat "$scratch/other")" 900001 "neither waits for the other for ever"
is "$(allows three visits:read)$(allows four visits:write)" f "and one session is left"

# Somebody is shut out, and let in again, meanwhile.
shut() { echo "select t.get('admin', format('select auth.account_shut(%s, $1)', (select staff_id from data.staff where staff_code = 'S1')));"; }
$psql_race -c "select t.client('admin', null, '{accounts:write}')" >/dev/null
first "begin; $(shut true)"
other "$(sign_in shut)"
first "commit;"
settle
is "$(cat "$scratch/other")" DS003 "who is shut out while they sign in stays out"
$psql_race -c "$(shut false)" >/dev/null
is "$(allows shut visits:read)" "" "and has no session when they are let in again"

first "begin; $(shut true)"
other "select t.get(null, 'select auth.reset_ask(''head@school.test'')', 'doorstep_auth')"
first "commit;"
settle
$psql_race -c "$(shut false)" >/dev/null
is "$($psql_race -c "select count(*) from auth.link where used_at is null")" 0 "nor a link that was asked for meanwhile"

$psql_race -c "$(sign_in seven)" >/dev/null
first "begin; $(shut true)"
other "begin; select set_config('doorstep.token', t.hash('seven'), true);
	select t.get(null, format('select auth.session_move(900001, false, %L)', t.hash('eight')), 'postgres'); commit;"
first "commit;"
settle
is "$(tail -n 1 "$scratch/other")" DS401 "who is shut out while they go on at another place is told that they are signed out"
$psql_race -c "$(shut false)" >/dev/null
is "$(allows seven visits:read)$(allows eight visits:read)" "" "and is"

# An import changes two posts of who signs in meanwhile, of which one is locked already.
$psql_race >/dev/null <<-SQL
	select t.school(900002), t.client('import', null), t.staff('S2', 900002);
	insert into data.post (staff_id, school_urn) select staff_id, 900001 from data.staff where staff_code = 'S2';
	create function t.import_posts() returns text language plpgsql as \$\$
	begin
		perform api.import_begin();
		insert into pg_temp.import_row (line, row, problems)
		select n, jsonb_build_object('staff_code', 'S2', 'school_urn', urn, 'given_name', 'Staff', 'family_name', 'Example',
		                             'roles', 'office'), '[]' from unnest('{900002,900001}'::int[]) with ordinality as u (urn, n);
		return (select accepted from api.import_staff('all', false));
	end;
	\$\$;
	grant usage on schema t to doorstep_register;
	grant execute on function t.import_posts() to doorstep_register;
SQL
second="(select staff_id from data.staff where staff_code = 'S2')"
first "begin; select from data.post where staff_id = $second and school_urn = 900001 for share;"
other "select t.get('import', 'select t.import_posts()', 'doorstep_register')"
first "select auth.posts_hold($second); select 'held'; commit;"
settle
is "$(cat "$scratch/other")" 2 "an import of two posts waits for who signs in"
is "$(tail -n 1 "$scratch/first")" held "who does not wait for it"

# A program.
issue() { echo "select t.get(null, format('select granted from auth.token_issue(%L, %L, %L, null, 60)', 'a', t.hash('secret of a'), t.hash('$1')), 'doorstep_auth');"; }
narrow() { echo "update auth.client set scopes = '{$1}' where client_id = 'a';"; }

first "begin; $(narrow visits:read)"
other "$(issue five)"
first "commit;"
settle
is "$(cat "$scratch/other")" visits:read "a program whose scopes change gets a token with those that it has then"

first "begin; $(issue six)"
other "$(narrow visits:write)"
first "commit;"
settle
is "$(allows six visits:read)" "" "and one that it had is revoked"
