# Every file of SQL is installed by install.sql, which includes it, and by
# make, which lists it; but for the policies, which are loaded and shipped as
# many as there are, and for the rules of retention to begin with, likewise loaded.
. "$(dirname "$0")/lib.sh"
lint 5

sql_files()
{
	(cd sql && find . -name '*.sql' ! -name install.sql ! -path './policies/*' ! -path './retention/defaults.sql' | sed 's,^\./,,' | sort)
}

not_included()
{
	for file in $(sql_files); do
		grep -qxF "\\ir $file" sql/install.sql || echo "$file"
	done
}

included_twice()
{
	grep '^\\ir ' sql/install.sql | sort | uniq -d
}

not_listed()
{
	for file in install.sql $(sql_files); do
		grep -qwF "sql/$file" sql/Makefile.inc || echo "$file"
	done
}

not_there()
{
	for file in $(sed -n 's/^\\ir //p' sql/install.sql) $(grep -oE 'sql/[a-z0-9_/-]+\.sql' sql/Makefile.inc | sed 's,^sql/,,'); do
		[ -f "sql/$file" ] || echo "$file"
	done
}

# Numbered 1, 2, … and each is run where a database lacks it.
migrations_astray()
{
	number=0
	for file in $(cd sql && ls migrations/*.sql); do
		number=$((number + 1))
		case $file in
		migrations/"$(printf %04d "$number")"-*) ;;
		*) echo "$file is not number $number" ;;
		esac
		grep -qE "[ ,]:had < $number as wants_$number[ ,]" sql/install.sql &&
			grep -xF -A 1 "\\if :wants_$number" sql/install.sql | grep -qxF "\\ir $file" ||
			echo "$file is not asked for as number $number"
	done
	grep -qx "\\\\set newest $number" sql/install.sql || echo "the newest is not said to be $number"
	grep '^\\ir migrations/' sql/install.sql | sort -c 2>&1
}

none "every file is included by sql/install.sql" not_included
none "none is included twice" included_twice
none "every file is listed in sql/Makefile.inc" not_listed
none "every file named there exists" not_there
none "migrations are numbered, and each is run where it is lacking" migrations_astray
