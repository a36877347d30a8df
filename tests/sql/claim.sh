# TAP: two watches at once.  Run by ./run, which has made the cluster.
set -u

claim="select coalesce(string_agg(c.recipient, ' ' order by c.recipient), 'none') from watch.claim('email', 2, '{}') c"

is()
{
	n=$((n + 1))
	if [ "$1" = "$2" ]; then
		echo "ok $n - $3"
	else
		printf 'not ok %s - %s\n# have: %s\n# want: %s\n' "$n" "$3" "$1" "$2"
	fi
}

forget()
{
	$psql_plain -d doorstep <<-'SQL'
		delete from data.delivery;
		delete from data.notification;
		begin;
		delete from data.post where school_urn = 900777;
		delete from data.staff where staff_code like 'claim%';
		commit;
		delete from data.school where urn = 900777;
	SQL
}

scratch=$(mktemp -d "${TMPDIR:-/tmp}/doorstep-claim.XXXXXX")
trap 'rm -rf "$scratch"; forget' EXIT
n=0
echo 1..3

$psql_plain -d doorstep <<-'SQL'
	insert into data.school (urn, laestab, name, phase) values (900777, '8000777', 'Claim', 'primary');
	begin;
	with made as (
		insert into data.staff (staff_code, given_name, family_name, email)
		select 'claim' || i, 'A', 'B', 'claim' || i || '@school.test' from generate_series(1, 3) as i returning staff_id
	) insert into data.post (staff_id, school_urn, roles) select staff_id, 900777, '{dsl}' from made;
	commit;
	insert into data.notification (school_urn, cause, subject, words, roles, due_at)
	values (900777, 'duty', 'claim', 'x', '{dsl}', now());
SQL

# One that has leased two and not committed.
mkfifo "$scratch/work"
$psql_plain -d doorstep <"$scratch/work" >"$scratch/first" &
exec 3>"$scratch/work"
echo "begin; $claim;" >&3
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
	[ ! -s "$scratch/first" ] || break
	sleep 0.2
done
is "$(cat "$scratch/first")" "claim1@school.test claim2@school.test" "a watch leases two"
is "$($psql_plain -d doorstep -c "set statement_timeout = '5s'; $claim")" "claim3@school.test" \
	"another, meanwhile, gets what is left, and waits for nobody"
echo "commit;" >&3
exec 3>&-
wait
is "$($psql_plain -d doorstep -c "$claim")" "none" "afterwards nothing is left"
