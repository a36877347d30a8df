# What the built objects call, as the linker sees it (and by the names that
# _FORTIFY_SOURCE gives).  PQexec takes no parameters; the others overrun,
# guess, or start a shell.
. "$(dirname "$0")/lib.sh"
lint 2

objects()
{
	find "$DOORSTEP_BUILD/cgi-bin" -name '*.o' 2>/dev/null
}

unbuilt()
{
	[ "$(objects | wc -l)" -ge 40 ] || echo "only $(objects | wc -l) objects in $DOORSTEP_BUILD/cgi-bin: build first"
}

banned()
{
	objects | xargs -r nm -Au |
		grep -E ' U (__)?(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|gets|system|popen|PQexec|PQescape[A-Za-z]*)(_chk)?$'
}

none "the programs are built" unbuilt
none "nothing calls a banned function" banned
