# Every setting is in the sample environment and in the README, and the
# sample names none that nobody reads.
. "$(dirname "$0")/lib.sh"
lint 3

settings()
{
	sed -n 's/^SETTING_[A-Z]*(\([a-z_]*\),.*/DOORSTEP_\1/p' cgi-bin/core/settings.def | tr a-z A-Z
}

missing_from()
{
	[ -n "$(settings)" ] || echo "no setting is found in settings.def"
	for setting in $(settings); do
		grep -qw "$setting" "$1" || echo "$setting"
	done
}

strangers()
{
	grep -o '^#\{0,1\} *DOORSTEP_[A-Z_]*=' nginx/doorstep.env.sample | tr -d '#= ' | sort -u | while read -r name; do
		settings | grep -qx "$name" || grep -rqw "$name" nginx/systemd nginx/instance || echo "$name"
	done
}

none "every setting is in nginx/doorstep.env.sample" missing_from nginx/doorstep.env.sample
none "every setting is in README.md" missing_from README.md
none "nginx/doorstep.env.sample names nothing that neither the programs nor nginx/ read" strangers
