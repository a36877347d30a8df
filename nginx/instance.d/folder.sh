# shellcheck shell=bash
# The folder VAR and what lies in it.

# Sets STATE, where VAR's things really are.
find_state() {
	[[ -n ${1:-} ]] || fail "which folder? nginx/instance $COMMAND VAR"
	VAR=$(realpath -m -s -- "$1")
	[[ $VAR != / ]] || fail "VAR cannot be /"
	case $VAR$SRC$BUILD$TLS_CERT$TLS_KEY in
		*[\"\'\\\$\;{}\|\&\#@,]* | *[[:cntrl:]]*) fail "the folder names may hold none of \" ' \\ \$ ; { } | & # @ , (VAR is $VAR)" ;;
	esac
	HIDDEN=/var/lib/doorstep-instance-$(printf '%s' "$VAR" | sha256sum | cut -c1-12)
	STATE=$VAR
	[[ ! -L $VAR ]] || STATE=$(readlink -f -- "$VAR" || readlink -m -- "$VAR")
}

enterable() {
	as_user "$DB_USER" test -x "$1" && as_user "$WEB_USER" test -x "$1"
}

# As root, below a folder that is closed to postgres and www-data, the state
# lives elsewhere and VAR is a link to it.
make_state() {
	if [[ ! -L $VAR ]]; then
		mkdir -p -- "$VAR" || fail "cannot make the folder $VAR; set DOORSTEP_VAR to another"
		if ! enterable "$VAR"; then
			rmdir -- "$VAR" 2>/dev/null ||
				fail "the users $DB_USER and $WEB_USER cannot enter $VAR, which holds something already; set DOORSTEP_VAR to another folder"
			if [[ -e $HIDDEN ]]; then
				STATE=$HIDDEN
				stop_all # the link to it was removed, so it is nobody's any more
				rm -rf -- "$HIDDEN"
			fi
			ln -s -- "$HIDDEN" "$VAR"
			say "$VAR is closed to the users $DB_USER and $WEB_USER: the data lie in $HIDDEN, to which it is a link."
		fi
	fi
	if [[ -L $VAR ]]; then
		STATE=$(readlink -m -- "$VAR")
		mkdir -p -- "$STATE"
		enterable "$STATE" || fail "the users $DB_USER and $WEB_USER cannot enter $STATE, to which $VAR is a link"
	fi
	[[ -w $STATE ]] || fail "$(id -un) cannot write to $STATE; set DOORSTEP_VAR to another folder"
	if [[ -d $STATE/pg && $EUID -ne 0 && ! -O $STATE/pg ]]; then
		fail "$STATE belongs to another user; set DOORSTEP_VAR to another folder"
	fi
	check_socket_paths
	: > "$STATE/.doorstep-instance"
	make_folder run   0750 "$DB_USER" "$WEB_USER"
	make_folder pids  0755
	make_folder pg    0700 "$DB_USER"
	make_folder spool 0700 "$WEB_USER"
	make_folder exports 0750 "$WEB_USER"
	make_folder seal  0700 "$WEB_USER"
	make_folder checkpoints 0755 "$WEB_USER"
	make_folder log   0750
	make_folder nginx 0755
	make_folder nginx/tmp 0711
}

# make_folder NAME MODE [OWNER [GROUP]]
make_folder() {
	local folder=$STATE/$1
	mkdir -p -- "$folder"
	if [[ $EUID -eq 0 ]]; then
		chown "${3:-root}:${4:-${3:-root}}" "$folder"
	fi
	chmod "$2" "$folder"
}

check_socket_paths() {
	local LC_ALL=C longest=$STATE/run/.s.PGSQL.5432
	((${#longest} <= SOCKET_PATH_MAX)) && return 0
	rmdir -- "$STATE" 2>/dev/null || true
	fail "the path of the folder is too long for a socket ($longest has ${#longest} bytes, $SOCKET_PATH_MAX are possible); set DOORSTEP_VAR to a shorter one"
}

# Programs and static files, from where www-data can read them.
find_programs() {
	local program missing=()
	for program in "${PROGRAMS[@]}" "${LONE[@]}"; do
		[[ -x $BUILD/doorstep-$program ]] || missing+=("doorstep-$program")
	done
	((${#missing[@]} == 0)) || fail "not built: ${missing[*]} in $BUILD; run make, or set DOORSTEP_BUILD"
	BIN=$BUILD HTML=$BUILD/html
	if ! as_user "$WEB_USER" test -x "$BUILD/doorstep-auth"; then
		BIN=$STATE/programs HTML=$STATE/programs/html
		rm -rf -- "$BIN"
		mkdir -p -- "$HTML"
		cp -- "${PROGRAMS[@]/#/$BUILD/doorstep-}" "${LONE[@]/#/$BUILD/doorstep-}" "$BIN/"
		[[ ! -d $BUILD/html ]] || cp -r -- "$BUILD/html/." "$HTML/"
		chmod -R a+rX "$BIN"
	fi
}
