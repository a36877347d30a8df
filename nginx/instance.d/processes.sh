# shellcheck shell=bash
# Processes that were started here, and whether they still are those.

# What tells a process from a later one with the same id: its start time.
started_at() {
	local stat fields
	stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
	read -r -a fields <<< "${stat##*) }" # what follows the name, which may hold blanks
	[[ ${fields[0]} != Z ]] || return 1
	printf '%s' "${fields[19]}"
}

# record NAME PID
record() {
	printf '%s %s\n' "$2" "$(started_at "$2")" > "$STATE/pids/$1"
}

# The id of the recorded process, when it still is that process.
pid_of() {
	local pid start
	read -r pid start 2>/dev/null < "$STATE/pids/$1" || return 1
	[[ -n $start && $(started_at "$pid") == "$start" ]] || return 1
	printf '%s' "$pid"
}

# wait_gone NAME SECONDS
wait_gone() {
	local tenths=$(($2 * 10))
	while pid_of "$1" >/dev/null; do
		((tenths-- > 0)) || return 1
		sleep 0.1
	done
	rm -f "$STATE/pids/$1"
}

# processes_of FIELD PID: those whose parent (1) or process group (2) it is.
processes_of() {
	local file stat fields
	for file in /proc/[0-9]*/stat; do
		read -r stat 2>/dev/null < "$file" || continue
		read -r -a fields <<< "${stat##*) }"
		[[ ${fields[$1]} -ne $2 || ${fields[0]} == Z ]] || printf '%s\n' "${file//[!0-9]/}"
	done
}

children_of() { processes_of 1 "$1"; }

# Programs started here get these of the environment and nothing else.
program_environment() {
	local name
	PROGRAM_ENV=("LANG=C.UTF-8")
	SEAL_ENV=("DOORSTEP_TOTP_KEY=$STATE/seal/totp" "DOORSTEP_SEAL_KEY=$STATE/seal/key" "DOORSTEP_SEAL_PUBLIC_KEY=$STATE/seal.pub"
		"DOORSTEP_CHECKPOINT_DIR=$STATE/checkpoints")
	for name in $(compgen -e); do
		case $name in
			DOORSTEP_DATABASE | DOORSTEP_SPOOL_DIR | DOORSTEP_TLS_*) ;;
			DOORSTEP_* | ASAN_* | UBSAN_* | LSAN_* | TSAN_* | GCOV_* | LLVM_* | MALLOC_* | LD_PRELOAD | FIU_* | LIBFCGI_*)
				PROGRAM_ENV+=("$name=${!name}") ;;
		esac
	done
}
