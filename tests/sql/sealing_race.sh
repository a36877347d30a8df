# TAP: sealing while others write.  Run by ./run, which has made the cluster.
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

said()
{
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
		[ ! -s "$1" ] || break
		sleep 0.2
	done
	cat "$1"
}

scratch=$(mktemp -d "${TMPDIR:-/tmp}/doorstep-seal.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
n=0
echo 1..6

append="insert into audit.access (client_id, request_id, resource, filters, format, row_count) values ('race', 'r', '/api/v1/x', '{}', 'csv', 1) returning access_id"
leaf_of() { $psql_plain -d doorstep -c "select count(*) from audit.leaf where access_id = $1"; }
seal() { $psql_plain -d doorstep -c "select from audit.seal(1000000)" >/dev/null; }
seal

# One that has its number, and has not committed.
mkfifo "$scratch/slow"
$psql_plain -d doorstep <"$scratch/slow" >"$scratch/first" &
exec 3>"$scratch/slow"
echo "begin; $append;" >&3
first=$(said "$scratch/first")
second=$($psql_plain -d doorstep -c "$append")
is "$([ "$first" -lt "$second" ] && echo before)" "before" "an entry is written that has the smaller number, and is not committed"
seal
is "$(leaf_of "$second")" "1" "one that was committed is sealed, and waits for nobody"
seal
echo "commit;" >&3
exec 3>&-
wait
is "$(leaf_of "$first")" "0" "the other is not, until it is committed"
seal
is "$(leaf_of "$first")" "1" "then it is, though others with greater numbers were before it"

# Eight who write, and two who seal, at once.
for writer in 1 2 3 4 5 6 7 8; do
	(for _ in 1 2 3 4 5 6 7 8 9 10; do echo "$append;"; done) | $psql_plain -d doorstep >/dev/null &
done
for sealer in 1 2; do
	(for _ in 1 2 3 4 5 6 7 8 9 10; do echo "select count(*) from audit.seal(1000000);"; done) |
		$psql_plain -d doorstep >"$scratch/sealer$sealer" 2>&1 &
done
wait
seal
is "$($psql_plain -d doorstep -c "select count(*) from audit.access a where not exists (select from audit.leaf l where l.access_id = a.access_id)")" \
	"0" "of many who write at once each entry is sealed"
is "$($psql_plain -d doorstep -c "select count(*) - 1 - max(leaf_index), count(distinct coalesce('e' || entry_id, 'a' || access_id)) - count(*) from audit.leaf")$(grep -h ERROR "$scratch"/sealer*)" \
	"0|0" "once, without a gap, whoever seals"
