# Sourced by the lints, which run as "sh tests/lint/NAME.sh" with DOORSTEP_SRC
# and DOORSTEP_BUILD set, and print TAP.
#
#   lint PLAN          goes to the source folder and prints the plan
#   none NAME COMMAND… is good when the command prints nothing; what it prints
#                      are the offenders

lint_count=0
lint_bad=0

lint()
{
	cd "${DOORSTEP_SRC:?}" || exit 1
	echo "1..$1"
	trap '[ "$lint_bad" -eq 0 ]' EXIT
}

none()
{
	lint_name=$1
	shift
	lint_count=$((lint_count + 1))
	lint_found=$("$@" 2>&1)
	if [ -z "$lint_found" ]; then
		echo "ok $lint_count - $lint_name"
	else
		lint_bad=$((lint_bad + 1))
		echo "not ok $lint_count - $lint_name"
		printf '%s\n' "$lint_found" | sed 's/^/# /'
	fi
}

# Our own text files: what is built, generated, a copy of a release or somebody
# else's is left out.
own_files()
{
	find cgi-bin sql nginx tests reports .ci autogen.sh configure.ac Makefile.am README.md CONTRIBUTING.md \
		-name __pycache__ -prune -o -path 'tests/sql/released/????.sql' -prune -o -type f \
		\( -name '*.[ch]' -o -name '*.def' -o -name '*.awk' -o -name '*.sql' -o -name '*.sh' -o -name '*.py' \
		   -o -name '*.inc' -o -name '*.conf' -o -name '*.md' -o -name '*.ac' -o -name '*.am' -o -path '*/run' \
		   -o -path nginx/instance -o -path '*/systemd/*' \) -print 2>/dev/null | sort
}
