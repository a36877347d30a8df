# shellcheck shell=bash
# nginx: its configuration from the templates beside, its start, its leftovers.

at_least() { printf '%s' $(($1 > $2 ? $1 : $2)); }
at_most()  { printf '%s' $(($1 < $2 ? $1 : $2)); }

fill_templates() {
	local file target nofile hard listen=plain worker_user=
	local script=()
	hard=$(ulimit -Hn)
	[[ $hard != unlimited ]] || hard=16384
	nofile=$(at_most "$hard" 16384)
	if [[ -n $TLS_CERT && -n $TLS_KEY ]]; then
		listen=tls
	fi
	if [[ $EUID -eq 0 ]]; then
		worker_user="user $WEB_USER;"
	fi
	replace() { script+=(-e "s|@$1@|$2|g"); }
	replace CONF        "$STATE/nginx"
	replace RUN         "$STATE/run"
	replace LOG         "$STATE/log/nginx"
	replace TMP         "$STATE/nginx/tmp"
	replace HTML        "$HTML"
	replace USER        "$worker_user"
	replace ADDRESS     "127.0.0.1:$PORT"
	replace LISTEN      "$listen"
	replace TLS_CERT    "$TLS_CERT"
	replace TLS_KEY     "$TLS_KEY"
	replace RATE        "$RATE"
	replace BURST       $((2 * RATE))
	replace TOKEN_RATE  "$(at_least $((RATE / 10)) 1)"
	replace TOKEN_BURST "$(at_least $((RATE / 5)) 2)"
	replace CONNECTIONS "$(at_most "$(at_least $((RATE / 2)) 20)" 800)"
	replace NOFILE      "$nofile"
	replace NGINX_WORKERS      "$(at_most "$(nproc)" 4)"
	replace WORKER_CONNECTIONS "$(at_most $((nofile / 2)) 4096)"
	for file in "$SRC"/nginx/*.conf "$SRC"/nginx/nginx.conf.in "$SRC"/nginx/doorstep_params; do
		target=${file##*/}
		sed "${script[@]}" "$file" > "$STATE/nginx/${target%.in}"
	done
}

port_is_taken() {
	(exec 3<> "/dev/tcp/127.0.0.1/$PORT") 2>/dev/null
}

fail_port_taken() {
	fail "port $PORT is taken by another program; choose a free one, for example DOORSTEP_PORT=$((PORT + 1))"
}

# The workers of an nginx that was killed go on, and hold the port.
end_nginx_orphans() {
	local master worker tries=50
	if pid_of nginx >/dev/null || ! read -r master _ 2>/dev/null < "$STATE/pids/nginx"; then
		return 0
	fi
	for worker in $(processes_of 2 "$master"); do
		[[ $(cat "/proc/$worker/comm" 2>/dev/null) != nginx ]] || kill -TERM "$worker" 2>/dev/null || true
		while started_at "$worker" >/dev/null && ((tries-- > 0)); do
			sleep 0.1
		done
	done
	rm -f -- "$STATE/pids/nginx"
}

start_nginx() {
	local log=$STATE/log/nginx-start.log
	! pid_of nginx >/dev/null || return 0
	! port_is_taken || fail_port_taken
	step "starting nginx on $(address)"
	fill_templates
	rm -f -- "$STATE/nginx/nginx.pid"
	if ! (cd / && nginx -p "$STATE/nginx/" -c "$STATE/nginx/nginx.conf" -e "$STATE/log/nginx-error.log") \
		> "$log" 2>&1 < /dev/null 9>&- 8>&-; then
		! grep -q 'bind() .*Address already in use' "$log" || fail_port_taken
		fail_with_log "$log" "nginx did not start"
	fi
	record nginx "$(< "$STATE/nginx/nginx.pid")"
	printf '%s\n' "$(address)" > "$STATE/pids/address"
}

address() {
	if [[ -n $TLS_CERT && -n $TLS_KEY ]]; then
		printf 'https://127.0.0.1:%s/' "$PORT"
	else
		printf 'http://127.0.0.1:%s/' "$PORT"
	fi
}

wait_ready() {
	local status deadline=$((SECONDS + READY_SECONDS))
	while :; do
		status=$(curl -k -s -o /dev/null -m 5 --noproxy '*' -w '%{http_code}' "$(address)readyz") || true
		[[ $status != 200 ]] || return 0
		((SECONDS < deadline)) || fail_with_log "$STATE/log/records.log" "/readyz answers $status"
		sleep 0.1
	done
}
