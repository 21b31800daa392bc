/**
 * The script that installs the agent on a Linux host, for `curl -fsSL ENDPOINT/agent/install.sh | sudo sh -s -- --token …`.
 * It downloads the executable for the host, compares its digest with the one that came with this script, and leaves the
 * rest to it. `endpoint` is a scheme, a host and a port; `sums` are SHA-256 by the name of the file.
 */
export const installScript = (endpoint: string, sums: ReadonlyMap<string, string>): string => `#!/bin/sh
# Installs Assay's agent on this host.
#   curl -fsSL ${endpoint}/agent/install.sh | sudo sh -s -- --token TOKEN [--tag Key=Value …] [--user NAME]
# A token in the environment (ASSAY_ENROLLMENT_TOKEN) or in a file (--token-file FILE) stays out of the shell's history.
set -eu

server='${endpoint}'
directory=/opt/assay

fail() {
	echo "assay-agent: $*" >&2
	exit 2
}

digest_of() {
	case "$1" in
${[...sums].map(([name, digest]) => `\t${name}) echo ${digest} ;;`).join('\n')}
	esac
}

download() {
	if command -v curl >/dev/null 2>&1; then
		if [ -n "$ca" ]; then set -- "$1" "$2" --cacert "$ca"; fi
		from=$1 to=$2
		shift 2
		curl -fsSL --compressed "$@" -o "$to" "$from"
	elif command -v wget >/dev/null 2>&1; then
		if [ -n "$ca" ]; then set -- "$1" "$2" --ca-certificate="$ca"; fi
		from=$1 to=$2
		shift 2
		wget -q "$@" -O "$to" "$from"
	else
		fail 'curl or wget is needed.'
	fi
}

# The executable needs the GNU C library, and a version of it that RHEL 8 and Debian 11 have.
has_musl() {
	case "$(ldd --version 2>&1 || :)" in
	*musl*) return 0 ;;
	esac
	# Other systems may have musl beside their own.
	if [ -e /lib64/ld-linux-x86-64.so.2 ] || [ -e /lib/ld-linux-aarch64.so.1 ]; then return 1; fi
	for loader in /lib/ld-musl-*; do
		if [ -e "$loader" ]; then return 0; fi
	done
	return 1
}

require_glibc() {
	if has_musl; then
		fail "This system has the C library musl, as Alpine has, and the agent's executable needs the GNU C library. Here the agent runs with the system's own Node (apk add nodejs): download $server/agent/assay-agent.cjs and run: node assay-agent.cjs run --server $server --token-file FILE"
	fi
	found=$(getconf GNU_LIBC_VERSION 2>/dev/null || :)
	case "$found" in
	'glibc 2.'[0-9] | 'glibc 2.1'[0-9] | 'glibc 2.2'[0-7] | 'glibc 2.'[0-9].* | 'glibc 2.1'[0-9].* | 'glibc 2.2'[0-7].*)
		fail "The agent needs the GNU C library 2.28 or newer; this system has \${found#glibc }."
		;;
	esac
}

# The whole script is read before anything is done: a download that breaks off does nothing.
main() {
	token=\${ASSAY_ENROLLMENT_TOKEN-}
	ca=
	left=$#
	while [ "$left" -gt 0 ]; do
		argument=$1
		shift
		left=$((left - 1))
		case "$argument" in
		--token | --server | --ca)
			[ "$left" -gt 0 ] || fail "$argument needs a value."
			value=$1
			shift
			left=$((left - 1))
			;;
		--token=* | --server=* | --ca=*)
			value=\${argument#*=}
			argument=\${argument%%=*}
			;;
		esac
		case "$argument" in
		--token) token=$value ;;
		--server) server=$value ;;
		--ca)
			ca=$value
			set -- "$@" --ca "$value"
			;;
		*) set -- "$@" "$argument" ;;
		esac
	done

	[ "$(id -u)" = 0 ] || fail 'Only root can install the agent: … | sudo sh -s -- …'
	[ "$(uname -s)" = Linux ] || fail "The agent runs on Linux; this is $(uname -s)."
	case "$(uname -m)" in
	x86_64 | amd64) name=assay-agent-linux-x64 ;;
	aarch64 | arm64) name=assay-agent-linux-arm64 ;;
	*) fail "There is no agent for $(uname -m)." ;;
	esac
	require_glibc
	expected=$(digest_of "$name")
	[ -n "$expected" ] || fail "The server has no $name. Build it there: npm run build:agent"

	umask 022
	made=
	if [ ! -d "$directory" ]; then
		mkdir -p "$directory"
		made=1
	fi
	# Not in the temporary folder: many hosts run nothing from there.
	file=$directory/.download.$$
	trap 'rm -f "$file"; [ -z "$made" ] || rmdir "$directory" 2>/dev/null || :' EXIT
	trap 'exit 130' INT TERM
	echo "Downloading $name from $server …"
	download "$server/agent/$name" "$file" || fail "$server/agent/$name cannot be downloaded."
	found=$(sha256sum "$file" | cut -d ' ' -f 1)
	[ "$found" = "$expected" ] || fail "The download is damaged: its SHA-256 is $found, and $expected was expected. Nothing was installed."
	chmod 755 "$file"
	# Standard input is this script, so nothing may read it.
	ASSAY_ENROLLMENT_TOKEN=$token "$file" install --server "$server" "$@" </dev/null
}

main "$@"
`;
