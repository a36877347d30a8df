# TAP: what two sessions do at once: imports queue, and who cleans up old
# answers waits for nobody.  Run by ./run, which has made the cluster.
set -u

# One who has begun something and not ended it; closing its input ends it.
begin()
{
	mkfifo "$scratch/work"
	$psql_plain -d doorstep <"$scratch/work" >/dev/null &
	exec 3>"$scratch/work"
	rm "$scratch/work"
	echo "begin; $1" >&3
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ "$($psql_plain -d doorstep -c "select count(*) from pg_stat_activity where state = 'idle in transaction'")" = 0 ] ||
			return 0
		sleep 0.2
	done
}

end()
{
	exec 3>&-
	wait
}

is()
{
	n=$((n + 1))
	if [ "$1" = "$2" ]; then
		echo "ok $n - $3"
	else
		printf 'not ok %s - %s\n# have: %s\n# want: %s\n' "$n" "$3" "$1" "$2"
	fi
}

scratch=$(mktemp -d "${TMPDIR:-/tmp}/doorstep-queue.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
n=0
echo 1..4

begin "select api.import_begin();"
is "$($psql_plain -d doorstep -c "set lock_timeout = '200ms'; select api.import_begin()" 2>&1 | grep -c 'lock timeout')" 1 \
	"an import waits for another"
end
is "$($psql_plain -d doorstep -c "set lock_timeout = '200ms'; select api.import_begin()" 2>&1 | grep -c 'lock timeout')" 0 \
	"and goes on when that is over"

# A client to whom two answers were given long ago.
$psql_plain -d doorstep <<-'SQL'
	begin;
	insert into auth.client (client_id, title, secret_hash, scopes, all_schools)
	values ('queue', 'Test', sha256('x'), '{visits:write}', true);
	insert into auth.token (token_hash, client_id, scopes, expires_at)
	values (sha256('queue'), 'queue', '{visits:write}', now() + interval '1 hour');
	insert into data.idempotency (client_id, key, request_hash, status, body, created_at)
	values ('queue', 'old 1', '\x00', 200, '{}', now() - interval '8 days'),
	       ('queue', 'old 2', '\x00', 200, '{}', now() - interval '8 days');
	commit;
SQL
begin "select from data.idempotency where key = 'old 1' for update;"
is "$($psql_plain -d doorstep <<-'SQL' 2>&1
	set session authorization doorstep_records;
	set lock_timeout = '200ms';
	begin;
	select auth.begin(encode(sha256('queue'), 'hex'), 'visits:write', 'r') \g /dev/null
	select count(*) from api.idempotency_claim('new', encode(sha256('x'), 'hex'));
	commit;
SQL
)" 0 "an answer that another session holds keeps nobody waiting"
end
is "$($psql_plain -d doorstep -c "select string_agg(key, ' ') from data.idempotency where client_id = 'queue'")" "old 1" \
	"and the others are swept out"
$psql_plain -d doorstep -c "delete from auth.client where client_id = 'queue'" -c "delete from data.idempotency where client_id = 'queue'"
