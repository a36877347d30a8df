# Every systemd unit confines what it runs, whatever that is.
. "$(dirname "$0")/lib.sh"
lint 4

# What a drop-in may loosen is said in the unit beside it.
required="NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
CapabilityBoundingSet=
AmbientCapabilities=
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
LimitCORE=0
User=doorstep-[a-z%i]*
UMask=00[0-9]*
RestrictAddressFamilies=AF_UNIX.*
MemoryMax=[0-9]*[MG]
TasksMax=[0-9]*"

# These reach other machines; all others no network at all.
outward="doorstep-watch.service doorstep-pull@.service"

missing()
{
	for unit in nginx/systemd/*.service; do
		printf '%s\n' "$required" | while read -r directive; do
			grep -qx "$directive" "$unit" || echo "$unit: $directive"
		done
	done
}

open_to_the_network()
{
	for unit in nginx/systemd/*.service; do
		case " $outward " in *" ${unit##*/} "*) continue ;; esac
		for directive in RestrictAddressFamilies=AF_UNIX PrivateNetwork=yes IPAddressDeny=any; do
			grep -qx "$directive" "$unit" || echo "$unit: $directive"
		done
	done
}

# A unit can be read by anybody, and so can the environment that it gives.
secrets_in_units()
{
	grep -rniE '^[^#]*(password|secret|token|key)=[^@%]' nginx/systemd
}

# systemd knows more about it than a list; where it is not installed there is the list.
too_exposed()
{
	command -v systemd-analyze >/dev/null || return 0
	folder=$(mktemp -d) || return
	for unit in nginx/systemd/*.service; do
		sed -e 's|@[A-Z]*@|/usr/bin|g' "$unit" >"$folder/${unit##*/}"
		systemd-analyze security --offline=true "$folder/${unit##*/}" 2>&1 |
			grep -E 'Overall exposure level.*(MEDIUM|EXPOSED|UNSAFE)'
	done
	rm -r "$folder"
}

none "every unit confines its program" missing
none "only those that reach other machines have a network" open_to_the_network
none "no unit holds a secret" secrets_in_units
none "systemd finds no unit exposed" too_exposed
