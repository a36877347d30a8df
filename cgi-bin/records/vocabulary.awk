# Makes a C table of each "create type data.NAME as enum (…);".
BEGIN {
	print "/* Made from sql/types/vocabulary.sql. */"
	print "#ifndef DOORSTEP_VOCABULARY_H"
	print "#define DOORSTEP_VOCABULARY_H\n"
}
match($0, /^create type data\.[a-z_]+ as enum \(/) {
	name = substr($0, 18)
	sub(/ .*/, "", name)
	values = substr($0, RLENGTH + 1)
	sub(/\);.*/, "", values)
	gsub(/'/, "\"", values)
	printf "static const char *const choices_%s[] __attribute__((unused)) = { %s, (const char *)0 };\n", name, values
}
END {
	print "\n#endif"
}
