# Sourced by the tests of installing: databases as text, and results.
#
#   install_into DATABASE    as the README says
#   dump DATABASE [OPTION…]  as pg_dump has it; it draws a word for psql's
#                            \restrict each time
#   result STATUS NAME       prints the result

n=0
scratch=$(mktemp -d "${TMPDIR:-/tmp}/doorstep-dump.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

install_into()
{
	$psql_plain --single-transaction -d "$1" -f "$src/sql/install.sql"
}

# The roles of a policy come in whatever order the cluster has them.
in_order()
{
	awk '/^CREATE POLICY / && match($0, / TO [a-z_]+(, [a-z_]+)+ /) {
		count = split(substr($0, RSTART + 4, RLENGTH - 5), role, ", ")
		for (i = 2; i <= count; i++)
			for (j = i; j > 1 && role[j] < role[j - 1]; j--) {
				kept = role[j]; role[j] = role[j - 1]; role[j - 1] = kept
			}
		list = role[1]
		for (i = 2; i <= count; i++)
			list = list ", " role[i]
		$0 = substr($0, 1, RSTART + 3) list substr($0, RSTART + RLENGTH - 1)
	}
	{ print }'
}

dump()
{
	"$pg_bin/pg_dump" "$@" | sed '/^\\\(un\)\{0,1\}restrict /d' | in_order
}

result()
{
	n=$((n + 1))
	[ "$1" -eq 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}
