# Sourced: a throwaway PostgreSQL cluster below /tmp, reached by Unix socket
# alone, owned by the user postgres when we are root.
#
#   cluster_start   makes and starts it, sets PGHOST, PGPORT and PGUSER
#   cluster_stop    stops it and removes every trace

# The newest PostgreSQL that has pgTAP.
pg_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | while read -r bin; do
	version=${bin#/usr/lib/postgresql/}
	[ ! -e "/usr/share/postgresql/${version%/bin}/extension/pgtap.control" ] || echo "$bin"
done | tail -n 1)

as_postgres()
{
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid postgres --regid postgres --clear-groups env HOME="$cluster" "$@"
	else
		"$@"
	fi
}

cluster_start()
{
	if [ -z "$pg_bin" ]; then
		echo "# there is no PostgreSQL with pgTAP below /usr/lib/postgresql"
		return 1
	fi
	cluster=$(mktemp -d /tmp/doorstep-sql.XXXXXX)
	trap cluster_stop EXIT
	trap 'exit 1' HUP INT TERM
	[ "$(id -u)" -ne 0 ] || chown postgres: "$cluster"
	cd "$cluster" || return 1
	{
		as_postgres "$pg_bin/initdb" -D "$cluster/data" -A trust -U postgres -E UTF8 --locale=C.UTF-8 --no-sync &&
		as_postgres "$pg_bin/pg_ctl" -D "$cluster/data" -w -t 60 -l "$cluster/log" -o "-k $cluster -c listen_addresses= \
			-c fsync=off -c max_connections=20 -c shared_buffers=32MB -c timezone=UTC" start
	} >"$cluster/out" 2>&1 || {
		sed 's/^/# /' "$cluster/out" "$cluster/log"
		return 1
	}
	PGHOST=$cluster PGPORT=5432 PGUSER=postgres PGOPTIONS='--client-min-messages=warning'
	export PGHOST PGPORT PGUSER PGOPTIONS
	unset PGDATABASE PGSERVICE PGPASSFILE
}

cluster_stop()
{
	cd /
	[ ! -d "$cluster/data" ] || as_postgres "$pg_bin/pg_ctl" -D "$cluster/data" -m immediate stop >/dev/null 2>&1
	rm -rf "$cluster"
}
