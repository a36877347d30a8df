# Sourced by the run scripts: makes one TAP stream of several parts.
#
#   tap_leave_when_quick     ends the script with one skipped result where only
#                            the quick tests are wanted, see Makefile.inc
#   tap_part NAME COMMAND…   runs a command that prints TAP; its results come
#                            out renumbered, "NAME: " before each
#   tap_end                  prints the plan; answers whether all went well
#
# A part that ends badly, without a plan, or with other than the planned
# results is a failed result of its own.

tap_count=0
tap_failed=0
tap_scratch=

tap_leave_when_quick()
{
	case ${DOORSTEP_QUICK:-} in
	0) return ;;
	'') [ -n "$(find "${DOORSTEP_SRC:?}" -maxdepth 0 ! -perm -u+w)" ] || return 0 ;;
	esac
	echo "1..0 # SKIP only the quick tests are wanted"
	exit 0
}

tap_part()
{
	[ -n "$tap_scratch" ] || tap_scratch=$(mktemp -d "${TMPDIR:-/tmp}/doorstep-tap.XXXXXX")
	tap_name=$1
	shift
	tap_status=0
	"$@" </dev/null >"$tap_scratch/part" 2>&1 || tap_status=$?
	awk -v name="$tap_name" -v count="$tap_count" -v status="$tap_status" -v totals="$tap_scratch/totals" '
		function result(good, text) {
			printf "%sok %d - %s: %s\n", good ? "" : "not ", ++count, name, text
			if (!good && text !~ /# *TODO/)
				failed++
		}
		/^(not )?ok( |$)/ {
			good = !/^not /
			sub(/^(not )?ok *[0-9]*( - )? */, "")
			result(good, $0)
			seen++
			next
		}
		/^1\.\.[0-9]+/ {
			planned = 1
			plan = substr($1, 4)
			if (plan == 0 && /# *[Ss][Kk][Ii][Pp]/)
				result(1, substr($0, index($0, "#")))
			next
		}
		{ print /^#/ ? $0 : "# " $0 }
		END {
			if (!planned)
				result(0, "prints a plan")
			else if (seen + 0 != plan + 0)
				result(0, "keeps its plan: " seen + 0 " of " plan " results")
			else if (status != 0 && !failed)
				result(0, "ends well: it ended with status " status)
			print count, failed + 0 > totals
		}' "$tap_scratch/part"
	read -r tap_count tap_more <"$tap_scratch/totals"
	tap_failed=$((tap_failed + tap_more))
}

tap_end()
{
	[ -z "$tap_scratch" ] || rm -rf "$tap_scratch"
	echo "1..$tap_count"
	[ "$tap_failed" -eq 0 ]
}
