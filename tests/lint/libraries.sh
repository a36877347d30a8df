# Which file may touch which library.
. "$(dirname "$0")/lib.sh"
lint 6

# includers HEADER FILE…: who includes the header, those files aside.
includers()
{
	header=$1
	shift
	grep -rlE "#include [<\"]$header[>\"]" cgi-bin | grep -vxF "$(printf '%s\n' "$@")"
}

# arena.c is the memory of requests.  The others own what outlives one: the
# connection, the gateway, and what program.c frees of it at the end; csv.c
# lends libcsv, which takes a realloc, memory that is counted.
may_allocate="cgi-bin/core/arena.c
cgi-bin/core/csv.c
cgi-bin/core/db_connection.c
cgi-bin/core/gateway.c
cgi-bin/core/program.c"

allocators()
{
	grep -rnE '(^|[^a-zA-Z0-9_])(malloc|calloc|realloc|reallocarray|free|strdup|strndup|v?asprintf|getline|open_memstream)[[:space:]]*\(' \
		--include='*.[ch]' cgi-bin | grep -vF "$(echo "$may_allocate" | sed 's/$/:/')"
}

none "libpq-fe.h is included by core/db.c and its connection alone" includers libpq-fe.h \
	cgi-bin/core/db.c cgi-bin/core/db_connection.c cgi-bin/core/db_connection.h
none "core/db_connection.h, which shows libpq, is included by core/db.c and itself alone" \
	includers '(core/)?db_connection\.h' cgi-bin/core/db.c cgi-bin/core/db_connection.c
none "fcgiapp.h is included by core/gateway.c alone" includers fcgiapp.h cgi-bin/core/gateway.c
none "curl/curl.h is included by the watch, the pull and sso alone" includers curl/curl.h \
	$(ls cgi-bin/watch/*.[ch] cgi-bin/pull/*.[ch] cgi-bin/sso/*.[ch])
none "rhonabwy.h, whose libjansson has the names of json-c, is included by sso/jws.c alone" includers rhonabwy.h cgi-bin/sso/jws.c
none "memory is taken by hand where it outlives a request, and nowhere else" allocators
