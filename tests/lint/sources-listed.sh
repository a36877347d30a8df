# Every source is in a fragment of make, or it would be missing from a release.
. "$(dirname "$0")/lib.sh"
lint 2

fragments()
{
	cat Makefile.am $(find . -name Makefile.inc ! -path './build*')
}

not_listed()
{
	listed=$(fragments | grep -v '^[[:blank:]]*#' | tr -s ' \\\t' '\n')
	find cgi-bin tests/unit \( -name '*.[ch]' -o -name '*.def' \) ! -name vocabulary.h | sort | while read -r file; do
		folder=$file
		while folder=$(dirname "$folder"); [ "$folder" != . ]; do
			printf '%s\n' "$listed" | grep -qxF -e "%D%/${file#"$folder/"}" -e "$file" && continue 2
		done
		echo "$file"
	done
}

fragments_not_included()
{
	find . -name Makefile.inc ! -path './build*' | sed 's,^\./,,' | sort | while read -r file; do
		grep -qxF "include $file" Makefile.am || echo "$file"
	done
}

none "every source is listed in its folder's Makefile.inc" not_listed
none "every Makefile.inc is included by Makefile.am" fragments_not_included
