# TAP: the feed of changes, in a database of its own, since what is told is
# what is committed: changes_of.sql, and then the records are put elsewhere.
# Run by ./run, which has made the cluster.
set -u
here=$(dirname "$0")
. "$here/databases.sh"

# Another cluster, on whose transaction numbers nothing is known here.
elsewhere=$(mktemp -d /tmp/doorstep-elsewhere.XXXXXX)
as_owner()
{
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid postgres --regid postgres --clear-groups "$@"
	else
		"$@"
	fi
}
leave()
{
	as_owner "$pg_bin/pg_ctl" -D "$elsewhere/data" -m immediate stop >/dev/null 2>&1
	rm -rf "$elsewhere" "$scratch"
}
trap leave EXIT
start_elsewhere()
{
	as_owner "$pg_bin/pg_ctl" -D "$elsewhere/data" -w -l "$elsewhere/log" \
		-o "-k $elsewhere -c listen_addresses= -c fsync=off -c wal_writer_delay=10s" start >/dev/null
}
there()
{
	$psql_plain -h "$elsewhere" -d changes "$@"
}
# What the client of a school is told, ids in order; with a token, the SQLSTATE of its refusal.
told()
{
	there -c "select t.get('a', \$\$ select string_agg(c.id || coalesce(c.key ->> 'upn', c.key ->> 'staff_code', ''), ' ')
		from api.change_read(\"limit\" => 1000${1:+, $1}), json_to_recordset(data) as c (id int, key jsonb) \$\$, 'doorstep_register')"
}

"$pg_bin/createdb" -T doorstep changes
$psql_plain -d changes -f "$here/changes_of.sql" >"$scratch/out" 2>&1
status=$?
sed '/^1\.\./d' "$scratch/out"
n=$(grep -cE '^(not )?ok ' "$scratch/out")
result "$status" "the feed's tests come to their end"

# Far ahead of another cluster in its numbers.
$psql_plain -d changes <<-'SQL'
	do $$ begin for i in 1..20000 loop perform pg_current_xact_id(); commit; end loop; end $$;
	select t.pupil(901, 900001) \g /dev/null
SQL
token=$($psql_plain -d changes -c "select t.get('a', 'select c.token from api.change_ceiling() as c', 'doorstep_register')")
before=$($psql_plain -d changes -c "select string_agg(record_id || coalesce(key ->> 'upn', key ->> 'staff_code', ''), ' '
	order by position, change_id) from data.change where 900001 = any (schools)")
"$pg_bin/createdb" -T changes copied
[ "$($psql_plain -d copied -c "select t.run('a', 'select api.change_read(after => \$\$$token\$\$)', 'doorstep_register')")" = DS410 ]
result $? "a copy of the database refuses its tokens"
"$pg_bin/pg_dump" -Fc -f "$scratch/dump" changes
[ "$(id -u)" -ne 0 ] || chown postgres: "$elsewhere"
{
	as_owner "$pg_bin/initdb" -D "$elsewhere/data" -A trust -U postgres -E UTF8 --locale=C.UTF-8 --no-sync &&
		start_elsewhere && "$pg_bin/createdb" -h "$elsewhere" changes &&
		$psql_plain -h "$elsewhere" -d changes -f "$src/sql/roles.sql" &&
		"$pg_bin/pg_restore" -1 -h "$elsewhere" -d changes "$scratch/dump"
} >"$scratch/said" 2>&1
restored=$?
[ "$restored" -eq 0 ] || sed 's/^/# /' "$scratch/said"
result "$restored" "the records are restored into another cluster"
[ "$(there -c "select max(position) > pg_current_xact_id()::text::bigint from data.change")" = t ]
result $? "where transactions have lower numbers"
[ -n "$before" ] && [ "$(told)" = "$before" ]
result $? "all changes are told there, in their order"
[ "$(told "after => '$token'")" = DS410 ] && [ "$(told "until => '$token'")" = DS410 ]
result $? "tokens of before are refused"
token=$(there -c "select t.get('a', 'select c.token from api.change_ceiling() as c', 'doorstep_register')")
there -c "select t.pupil(902, 900001)" -c "select t.pupil(903, 900001)" >/dev/null
after="$(there -c "select string_agg(pupil_id || upn, ' ' order by upn = t.upn(903)) from data.pupil
	where upn in (t.upn(902), t.upn(903))")"
[ "$(told)" = "$before $after" ]
result $? "what changes there comes after them"
[ "$(told "after => '$token'")" = "$after" ]
result $? "and after the ceiling that was asked for first"
[ "$(there -c "select begins > 20000 from data.change_line order by begins desc limit 1")" = t ]
result $? "on a line of its own"

# A crash forgets what ended without a trace, and gives its number to another.
there -c "checkpoint" -c "begin; select pg_current_xact_id(); rollback" >/dev/null
token=$(there -c "select t.get('a', 'select c.token from api.change_ceiling() as c', 'doorstep_register')")
as_owner "$pg_bin/pg_ctl" -D "$elsewhere/data" -m immediate stop >/dev/null
start_elsewhere
there -c "select t.pupil(905, 900001)" >/dev/null
after="$after $(there -c "select pupil_id || upn from data.pupil where upn = t.upn(905)")"
[ "$(told "after => '$token'")" = "${after##* }" ]
result $? "a crash hides no change from who has read up to it"

# A standby takes over: what it had not received yet may have been read.
as_owner "$pg_bin/pg_ctl" -D "$elsewhere/data" -m fast -w stop >/dev/null
as_owner touch "$elsewhere/data/standby.signal"
start_elsewhere && as_owner "$pg_bin/pg_ctl" -D "$elsewhere/data" -w promote >/dev/null
result $? "a standby takes over"
[ "$(told "after => '$token'")" = DS410 ] && [ "$(told)" = "$before $after" ]
result $? "tokens of before are refused, and all is told still"
there -c "select t.pupil(904, 900001)" >/dev/null
[ "$(told)" = "$before $after $(there -c "select pupil_id || upn from data.pupil where upn = t.upn(904)")" ]
result $? "what changes then comes last"
echo "1..$n"
