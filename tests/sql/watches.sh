# TAP: watches that look at the same time.  Run by ./run, which has made the
# cluster; in a database of its own, since visits cannot be taken away.
set -u

is()
{
	n=$((n + 1))
	if [ "$1" = "$2" ]; then
		echo "ok $n - $3"
	else
		printf 'not ok %s - %s\n# have: %s\n# want: %s\n' "$n" "$3" "$1" "$2"
	fi
}

ask()
{
	$psql_plain -d watches -c "set statement_timeout = '20s'; $1"
}

scratch=$(mktemp -d "${TMPDIR:-/tmp}/doorstep-watches.XXXXXX")
trap 'rm -rf "$scratch"; "$pg_bin/dropdb" watches' EXIT
n=0
echo 1..5

"$pg_bin/createdb" -T doorstep watches
$psql_plain -d watches >/dev/null <<SQL
begin;
\i $(dirname "$0")/helpers.sql
\i $(dirname "$0")/visits_of.sql
select t.set_up('tkat');
select t.happens(visit, 'departed 13:40', 'arrived 14:00') from (select t.planned('tkat') as visit from generate_series(1, 5)) as v;
commit;
SQL
out=$(ask "select count(*) from data.visit where departed_at is not null")
is "$out" 5 "five visits are out"

# One that has looked and not committed.
look="select raised from watch.tick('2025-11-19T15:30Z')"
mkfifo "$scratch/work"
$psql_plain -d watches <"$scratch/work" >"$scratch/first" &
exec 3>"$scratch/work"
echo "begin; $look;" >&3
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
	[ ! -s "$scratch/first" ] || break
	sleep 0.2
done
is "$(cat "$scratch/first")" 10 "a watch tells of five sign-ins that are missing, and of five first steps"
is "$(ask "$look")" 0 "another finds nothing meanwhile, and waits for nobody"
echo "commit;" >&3
exec 3>&-
wait

# Several at once, hours later: every step once.
for i in 1 2 3 4; do
	ask "select raised from watch.tick('2025-11-20T18:00Z')" >"$scratch/told$i" 2>&1 &
done
wait
is "$(cat "$scratch"/told? | awk '{ sum += $1 } END { print sum }')" 30 "four at once tell of five steps more of each, and of its record"
is "$(ask "select count(*) || ' ' || count(distinct (subject, due_at)) from data.notification where cause in ('rung', 'duty')")" \
	"40 40" "and of nothing twice"
