# Every file of SQL is installed by install.sql, which includes it, and by
# make, which lists it.
. "$(dirname "$0")/lib.sh"
lint 4

sql_files()
{
	(cd sql && find . -name '*.sql' ! -name install.sql | sed 's,^\./,,' | sort)
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
	for file in $(sed -n 's/^\\ir //p' sql/install.sql) $(grep -oE 'sql/[a-z_/]+\.sql' sql/Makefile.inc | sed 's,^sql/,,'); do
		[ -f "sql/$file" ] || echo "$file"
	done
}

none "every file is included by sql/install.sql" not_included
none "none is included twice" included_twice
none "every file is listed in sql/Makefile.inc" not_listed
none "every file named there exists" not_there
