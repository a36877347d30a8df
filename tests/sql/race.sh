# Sourced by the tests of two sessions at once: a database of their own, and results.
#
#   $psql_race          a session of the database "race"
#   first SQL           in a session that stays open, and may keep a transaction so
#   other SQL           in a session of its own; goes on once that waits for the first
#                       one, or is done; what it says is in $scratch/other
#   settle              waits for the other one
#   is HAVE WANT NAME   prints a result

scratch=$(mktemp -d "${TMPDIR:-/tmp}/doorstep-race.XXXXXX")
trap 'rm -rf "$scratch"; "$pg_bin/dropdb" --force race' EXIT
"$pg_bin/createdb" -T doorstep race
psql_race="$psql_plain -d race"
n=0

is()
{
	n=$((n + 1))
	if [ "$1" = "$2" ]; then
		echo "ok $n - $3"
	else
		printf 'not ok %s - %s\n# have: %s\n# want: %s\n' "$n" "$3" "$1" "$2"
	fi
}

other()
{
	$psql_race -c "$1" >"$scratch/other" 2>&1 &
	other=$!
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
		[ "$($psql_race -c "select count(*) from pg_stat_activity where datname = 'race' and wait_event_type = 'Lock'")" = 0 ] || break
		sleep 0.2
	done
}

settle()
{
	wait "$other"
}

mkfifo "$scratch/work"
$psql_race <"$scratch/work" >"$scratch/first" 2>&1 &
exec 3>"$scratch/work"

first()
{
	echo "$1" >&3
	sleep 0.5
}
