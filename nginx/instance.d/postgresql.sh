# shellcheck shell=bash
# The cluster.

# The newest PostgreSQL from 15 on, or the one that the cluster was made with.
find_postgres() {
	local version=
	if [[ -f $STATE/pg/PG_VERSION ]]; then
		version=$(< "$STATE/pg/PG_VERSION")
	else
		for version in $(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | cut -d/ -f5 | sort -rn); do
			[[ $version =~ ^[0-9]+$ && $version -ge 15 ]] && break
			version=
		done
	fi
	[[ -n $version ]] || fail "PostgreSQL 15 or newer is missing: apt-get install postgresql"
	PG=/usr/lib/postgresql/$version/bin
	[[ -x $PG/postgres ]] || fail "$STATE/pg was made by PostgreSQL $version, which is not installed: apt-get install postgresql-$version"
}

init_cluster() {
	local locale=C.UTF-8
	[[ ! -f $STATE/pg/PG_VERSION || ! -f $STATE/pg/doorstep.conf ]] || return 0
	step "making a PostgreSQL cluster in $STATE/pg"
	find "$STATE/pg" -mindepth 1 -delete # what an interrupted start left
	LC_ALL=$locale locale charmap 2>/dev/null | grep -qx UTF-8 || locale=C
	(cd / && as_user "$DB_USER" "$PG/initdb" -D "$STATE/pg" -U postgres -E UTF8 --locale="$locale" \
		--auth-local=peer --auth-host=reject) > "$STATE/log/initdb.log" 2>&1 ||
		fail_with_log "$STATE/log/initdb.log" "PostgreSQL could not make a cluster"
	printf "\ninclude 'doorstep.conf'\n" >> "$STATE/pg/postgresql.conf"
}

# Written at each start, so that settings may change.
configure_cluster() {
	local role user messages=log verbosity=terse
	# An error's text quotes the values that it is about; the programs log the SQLSTATE.
	if [[ ${DOORSTEP_DEBUG:-} == 1 ]]; then
		messages=warning verbosity=default
	fi
	cat > "$STATE/pg/doorstep.conf" <<-END
		listen_addresses = ''
		unix_socket_directories = '"$STATE/run"'
		max_connections = $((${#PROGRAMS[@]} * WORKERS + 64))
		shared_buffers = 256MB
		timezone = 'UTC'
		log_timezone = 'UTC'
		jit = off
		client_connection_check_interval = 1s
		log_destination = 'stderr'
		logging_collector = off
		log_line_prefix = '%m [%p] %u '
		log_min_messages = $messages
		log_error_verbosity = $verbosity
		log_min_error_statement = panic
		log_statement = none
		log_min_duration_statement = -1
		log_parameter_max_length = 0
		log_parameter_max_length_on_error = 0
	END
	printf 'local all all peer map=doorstep\n' > "$STATE/pg/pg_hba.conf"
	for user in $(printf '%s\n' root "$DB_USER" "$WEB_USER" | sort -u); do
		if [[ $user != "$WEB_USER" || $user == "$DB_USER" ]]; then
			printf 'doorstep "%s" postgres\n' "$user"
		fi
		if [[ $user == "$WEB_USER" || $user == root ]]; then
			for role in "${PROGRAMS[@]}" "${LONE[@]}"; do
				printf 'doorstep "%s" doorstep_%s\n' "$user" "$role"
			done
		fi
	done > "$STATE/pg/pg_ident.conf"
	if [[ $EUID -eq 0 ]]; then
		chown "$DB_USER:" "$STATE"/pg/{doorstep,postgresql,pg_hba,pg_ident}.conf
	fi
	chmod 0600 "$STATE"/pg/{doorstep,postgresql,pg_hba,pg_ident}.conf
}

# Some process works in the cluster's folder.
cluster_in_use() {
	local link
	for link in /proc/[0-9]*/cwd; do
		[[ $(readlink "$link" 2>/dev/null) != "$STATE/pg" ]] || return 0
	done
	return 1
}

# A server of this cluster that is not recorded: its start was broken off, or
# somebody else started it.
adopt_postgres() {
	local pid
	! pid_of postgres >/dev/null || return 0
	if read -r pid 2>/dev/null < "$STATE/pg/postmaster.pid" &&
		[[ $(readlink "/proc/$pid/cwd" 2>/dev/null) == "$STATE/pg" ]]; then
		record postgres "$pid"
	fi
}

start_postgres() {
	local log=$STATE/log/postgresql.log tries=100
	adopt_postgres
	if pid_of postgres >/dev/null; then
		while ! "$PG/pg_isready" -q -h "$STATE/run"; do
			((tries-- > 0)) || fail_with_log "$log" "PostgreSQL does not answer"
			sleep 0.1
		done
		return 0
	fi
	init_cluster
	configure_cluster
	step "starting PostgreSQL"
	while cluster_in_use; do # left by a server that was killed: they leave by themselves
		((tries-- > 0)) || fail "other processes still work in $STATE/pg"
		sleep 0.1
	done
	rm -f -- "$STATE/pg/postmaster.pid" "$STATE/run/.s.PGSQL.5432.lock"
	(cd / && as_user "$DB_USER" "$PG/pg_ctl" -D "$STATE/pg" -w -t 60 -s start) \
		>> "$log" 2>&1 < /dev/null 9>&- 8>&- ||
		fail_with_log "$log" "PostgreSQL did not start"
	record postgres "$(head -n 1 "$STATE/pg/postmaster.pid")"
}

run_psql() {
	PGOPTIONS='' psql -h "$STATE/run" -p 5432 -U postgres "$@"
}

install_schema() {
	local policy log=$STATE/log/install.log
	step "installing the schema"
	if [[ -z $(run_psql -X -A -t -d postgres -c "select 1 from pg_database where datname = 'doorstep'") ]]; then
		run_psql -X -q -d postgres -c 'create database doorstep' ||
			fail_with_log "$STATE/log/postgresql.log" "the database could not be made"
	fi
	run_psql -X -q -d doorstep -v ON_ERROR_STOP=1 --single-transaction -f "$SRC/sql/install.sql" \
		< /dev/null > "$log" 2>&1 ||
		fail_with_log "$log" "$SRC/sql/install.sql failed"
	for policy in "$SRC"/sql/policies/*.sql "$SRC"/sql/retention/defaults.sql; do
		run_psql -X -q -d doorstep -v ON_ERROR_STOP=1 --single-transaction -f "$policy" \
			< /dev/null >> "$log" 2>&1 ||
			fail_with_log "$log" "$policy could not be loaded"
	done
}
