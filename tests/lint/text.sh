# How text lies in the files.
. "$(dirname "$0")/lib.sh"
lint 5

# In the programs, the schema and the reports but for their examples; a tab is one.  Rows of tables that are
# declared one to a line may be wider: fields and routes, settings, comments on
# SQL, enums.
wide()
{
	own_files | grep -E '^(cgi-bin|sql|reports)/' | grep -v '/example/' | while read -r file; do
		LC_ALL=C.UTF-8 grep -nE '^.{121}' "$file" |
			grep -vE '^[0-9]+:[[:blank:]]*(\{ .*\},?|SETTING_.*|ERROR\(.*|comment on .*|create type .*|is '"'"'.*)$' |
			sed "s,^,$file:,"
	done
}

trailing()
{
	own_files | xargs grep -nE '[[:blank:]]$'
}

unended()
{
	own_files | while read -r file; do
		[ ! -s "$file" ] || [ -z "$(tail -c 1 "$file")" ] || echo "$file"
	done
}

carriage_returns()
{
	own_files | xargs grep -lP '\r$'
}

machine_paths()
{
	own_files | xargs grep -nE '\.\./shared|/work/(main|shared)' | grep -v '^tests/lint/text.sh:'
}

none "no line of the programs or the schema is longer than 120 characters" wide
none "no line ends with blanks" trailing
none "every file ends with a line end" unended
none "no line ends with a carriage return" carriage_returns
none "no file names a path of one machine" machine_paths
