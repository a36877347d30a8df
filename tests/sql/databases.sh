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

dump()
{
	"$pg_bin/pg_dump" "$@" | sed '/^\\\(un\)\{0,1\}restrict /d'
}

result()
{
	n=$((n + 1))
	[ "$1" -eq 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}
