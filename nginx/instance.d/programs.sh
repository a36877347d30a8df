# shellcheck shell=bash
# The programs, each under a multiwatch of its own, and those that listen to nobody.

# yielding PROGRAM COMMAND…: what is exported yields to a check-in.  A nice value counts
# among processes of one session; between sessions the kernel goes by their groups.
yielding() {
	local program=$1 weight=()
	shift
	if [[ $YIELDING == *" $program "* ]]; then
		# shellcheck disable=SC2016
		weight=(/bin/sh -c '{ echo 10 >/proc/self/autogroup; } 2>/dev/null; exec nice -n 10 "$@"' sh)
	fi
	exec setsid "${weight[@]}" "$@"
}

# only_environment NAME=VALUE…: these and no others.  Not by env, whose command line,
# with a password in it, anybody could read while it lives.
only_environment() {
	local name
	for name in $(compgen -e); do
		export -n "${name?}"
	done
	export "${@?}"
}

# enter_environment PROGRAM: its settings; the password for mail is the watch's alone.
enter_environment() {
	only_environment "DOORSTEP_PUBLIC_URL=$(address)" "${PROGRAM_ENV[@]}" \
		"DOORSTEP_DATABASE=host='$STATE/run' dbname=doorstep user=doorstep_$1" \
		"DOORSTEP_SPOOL_DIR=$STATE/spool" "DOORSTEP_EXPORT_DIR=${DOORSTEP_EXPORT_DIR:-$STATE/exports}" \
		"DOORSTEP_REPORTS_DIR=${DOORSTEP_REPORTS_DIR:-$SRC/reports}" "${SEAL_ENV[@]}"
	[[ $1 == watch ]] || unset DOORSTEP_SMTP_PASSWORD
}

start_program() {
	local program=$1 socket=$STATE/run/$1.sock log=$STATE/log/$1.log user=()
	! pid_of "$program" >/dev/null || return 0
	if [[ $EUID -eq 0 ]]; then
		user=(-u "$WEB_USER" -g "$WEB_USER" -U "$WEB_USER" -G "$WEB_USER")
	fi
	rm -f -- "$socket"
	# multiwatch holds the socket and replaces workers that end; TERM lets them
	# finish what they do.  Should it be killed itself, its workers go too.
	(
		ulimit -c 0
		cd /
		enter_environment "$program"
		yielding "$program" env --default-signal=INT,TERM,HUP PATH=/usr/bin:/bin \
			/usr/bin/spawn-fcgi -n -s "$socket" -M 0660 -b 1024 "${user[@]}" -- \
			/usr/bin/multiwatch -f "$WORKERS" -r 1000000 -t 1000 -s TERM -- \
			/usr/bin/setpriv --no-new-privs --pdeathsig TERM -- "$BIN/doorstep-$program"
	) >> "$log" 2>&1 < /dev/null 9>&- 8>&- &
	record "$program" $!
}

# The key that the trail is signed with, one for each instance.
make_seal_key() {
	[[ -s $STATE/seal.pub ]] && return 0
	rm -f -- "$STATE/seal/key"
	as_user "$WEB_USER" env DOORSTEP_SEAL_KEY="$STATE/seal/key" "$BIN/doorstep-seal" --make-key doorstep.local/trail \
		> "$STATE/seal.pub" || fail "no key for the trail can be made"
}

# The key with which keys of one-time codes are kept.
make_totp_key() {
	[[ -s $STATE/seal/totp ]] && return 0
	as_user "$WEB_USER" /bin/sh -c 'umask 077; od -An -N32 -tx1 /dev/urandom | tr -d " \n" > "$1"' sh "$STATE/seal/totp" ||
		fail "no key for one-time codes can be made"
}

start_programs() {
	local program
	step "starting ${#PROGRAMS[@]} programs with $WORKERS workers each"
	program_environment
	make_seal_key
	make_totp_key
	for program in "${PROGRAMS[@]}"; do
		start_program "$program"
	done
}

# One plain process, which keeps others.
start_one() {
	local program=$1 log=$STATE/log/$1.log user=()
	! pid_of "$program" >/dev/null || return 0
	if [[ $EUID -eq 0 ]]; then
		user=(/usr/bin/setpriv --reuid="$WEB_USER" --regid="$WEB_USER" --init-groups --)
	fi
	(
		ulimit -c 0
		cd /
		enter_environment "$program"
		yielding "$program" env --default-signal=INT,TERM,HUP PATH=/usr/bin:/bin \
			"${user[@]}" "$BIN/doorstep-$program"
	) >> "$log" 2>&1 < /dev/null 9>&- 8>&- &
	record "$program" $!
}

start_lone() {
	local program
	step "starting the watch, the maker of exports and the sealer"
	for program in "${LONE[@]}"; do
		start_one "$program"
	done
}

# A program whose workers end as fast as they start will not do.
check_programs() {
	local program pid
	local -A workers
	for program in "${PROGRAMS[@]}"; do
		pid=$(pid_of "$program") || fail_with_log "$STATE/log/$program.log" "doorstep-$program did not start"
		workers[$program]=$(children_of "$pid" | sort)
	done
	sleep 0.3
	for program in "${PROGRAMS[@]}"; do
		if ! pid=$(pid_of "$program") ||
			[[ -z $(comm -12 <(printf '%s\n' "${workers[$program]}") <(children_of "$pid" | sort)) ]]; then
			fail_with_log "$STATE/log/$program.log" "the workers of doorstep-$program end at once"
		fi
	done
	for program in "${LONE[@]}"; do
		pid_of "$program" >/dev/null || fail_with_log "$STATE/log/$program.log" "doorstep-$program ends at once"
	done
}
