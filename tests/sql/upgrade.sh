# TAP: a database as it was released becomes what a fresh one is, and keeps its
# rows.  Run by ./run, which has made the cluster.
#
# released/0000.sql is what pg_dump --schema-only says of the release before the
# first migration, without its remarks; 0000.rows.sql are rows as it took them.
set -u
here=$(dirname "$0")
. "$here/databases.sh"

# good when the query finds nothing; what it finds are the offenders
nothing()
{
	found=$($psql_plain -d upgraded -c "$2" 2>&1)
	[ -z "$found" ] || printf '%s\n' "$found" | sed 's/^/# /'
	[ -z "$found" ]
	result $? "$1"
}

# Every row of every table, where it can be compared.
keep_rows()
{
	$psql_plain -d upgraded <<-SQL
		create schema if not exists kept;
		create table kept.$1 (record text, row jsonb);
		select format('insert into kept.$1 select %L, to_jsonb(t) from %s t', c.oid::regclass, c.oid::regclass)
		  from pg_class c join pg_namespace n on n.oid = c.relnamespace
		 where c.relkind = 'r' and n.nspname in ('data', 'auth', 'audit') \gexec
	SQL
}

# refused DATABASE WORDS: the installation fails, says so, and changes nothing
refused()
{
	dump "$1" >"$scratch/before"
	if install_into "$1" >"$scratch/said" 2>&1 || ! grep -qF "$2" "$scratch/said"; then
		cat "$scratch/said"
		return 1
	fi
	dump "$1" >"$scratch/after"
	[ -s "$scratch/before" ] && diff "$scratch/before" "$scratch/after"
}

echo 1..14

"$pg_bin/createdb" upgraded
$psql_plain --single-transaction -d upgraded -f "$here/released/0000.sql" >/dev/null &&
	$psql_plain -d upgraded -f "$here/released/0000.rows.sql" >/dev/null && keep_rows before
result $? "the release takes rows"
nothing "every table of it has some" "
	select oid::regclass from pg_class
	 where relkind = 'r' and relnamespace::regnamespace::text in ('data', 'auth', 'audit')
	   and oid::regclass::text not in (select record from kept.before)"

"$pg_bin/createdb" -T upgraded broken
$psql_plain -d broken <<-'SQL'
	alter table data.event drop constraint cancelled_says_why;
	insert into data.event (visit_id, school_urn, kind, at, client_id) values (1, 900001, 'note', now(), 'office');
SQL
refused broken cancelled_says_why
result $? "where a row does not fit, nothing is changed"

install_into upgraded && keep_rows after
result $? "it is upgraded"
nothing "no row is lost or changed, but for what a migration moved" "
	select b.* from kept.before b
	 where not exists (select from kept.after a where a.record = b.record and a.row @> case b.record
	       when 'data.school' then b.row - 'policy'
	       when 'data.visit' then b.row
	            || case b.row ->> 'state' when 'planned' then '{\"state\": \"requested\"}' else '{}' end::jsonb
	       else b.row end)"
made="'data.policy', 'data.adoption', 'data.clause_kind', 'data.migration', 'data.attendance_code', 'data.change_line'"
nothing "none is made, but for policies, who follows them, kinds of clauses, migrations, attendance codes, the line of changes, and the trail of these" "
	select a.record, count(*) - (select count(*) from kept.before b where b.record = a.record) from kept.after a
	 group by a.record having count(*) <> (select count(*) from kept.before b where b.record = a.record)
	   and a.record not in ($made, 'audit.entry')
	 union all
	select 'audit.entry of ' || (a.row ->> 'record'), count(*) from kept.after a
	 where a.record = 'audit.entry' and a.row - '{salt,commitment}'::text[] not in (select b.row from kept.before b)
	   and (a.row ->> 'action' <> 'insert' or a.row ->> 'record' not in ($made))
	 group by 1"
nothing "schools follow the policy that they named, and the trail says so" "
	(select row ->> 'urn', row ->> 'policy' from kept.before where record = 'data.school' and row ->> 'policy' is not null
	 except select school_urn::text, policy_code from data.adoption a
	         where follows_from = '-infinity'
	           and exists (select from audit.entry e where e.record = 'data.adoption'
	                          and e.key = jsonb_build_object('school_urn', a.school_urn, 'follows_from', a.follows_from)
	                          and (e.school_urn, e.after) = (a.school_urn, to_jsonb(a))))
	union all
	select school_urn::text, policy_code from data.adoption
	 where policy_code is distinct from (select row ->> 'policy' from kept.before
	                                      where record = 'data.school' and (row ->> 'urn')::int = school_urn)"
nothing "a plan that there was has not changed since" \
	"select visit_id from data.visit where plan_changed_at <> created_at"

$psql_plain -d upgraded -c 'drop schema kept cascade' 2>/dev/null
"$pg_bin/createdb" fresh && install_into fresh
for database in upgraded fresh; do
	$psql_plain -d $database -f "$here/facts.sql" >"$scratch/$database"
done
[ "$(wc -l <"$scratch/fresh")" -gt 2000 ] && diff "$scratch/upgraded" "$scratch/fresh"
result $? "the schema is that of a fresh database, but for the order of columns"

dump upgraded >"$scratch/once"
install_into upgraded && dump upgraded >"$scratch/twice" &&
	diff "$scratch/once" "$scratch/twice"
result $? "installing again changes nothing"

$psql_plain --single-transaction -d upgraded -f "$src/sql/policies/tkat.sql" >/dev/null
result $? "the policy that was named is loaded"
nothing "it has its title, and schools that named it follow its version" "
	select s.urn, p.*
	  from data.school s join data.adoption a on a.school_urn = s.urn join data.policy p on p.code = a.policy_code
	 where p.code = 'tkat' and (p.title = p.code or data.policy_of(s.urn, '2025-03-03') is null)"
nothing "a visit that was under way goes on" "
	insert into data.event (visit_id, school_urn, kind, at, client_id)
	select visit_id, school_urn, 'returned', planned_end, 'office' from data.visit where state = 'left';
	select count(*) from data.visit where (visit_id, state) in ((1, 'requested'), (4, 'returned')) having count(*) <> 2"

$psql_plain -d upgraded -c "insert into data.migration (number) values (9999)"
refused upgraded 'This database is newer than these files'
result $? "a newer database is refused, and left as it is"
