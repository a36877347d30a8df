# Files and functions that one can take in at a glance.
. "$(dirname "$0")/lib.sh"
lint 2

# The README is read from the top; the others are read whole.
long_files()
{
	own_files | grep -v '\.md$' | while read -r file; do
		lines=$(wc -l <"$file")
		[ "$lines" -le 500 ] || echo "$file has $lines lines"
	done
}

# A function's body stands between braces of their own in the first column.
long_functions()
{
	find cgi-bin tests -name '*.c' | sort | while read -r file; do
		awk -v file="$file" '
			/^\{$/ { start = NR }
			/^}$/ && start { if (NR - start + 1 > 60) print file ":" start " has " NR - start + 1 " lines"; start = 0 }' "$file"
	done
}

none "no file is longer than 500 lines" long_files
none "no function is longer than 60 lines" long_functions
