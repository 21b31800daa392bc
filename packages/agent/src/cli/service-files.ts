/** How the service is told to run: an executable with its arguments, and a user where it is not root. */
export interface ServiceOptions {
  readonly command: readonly string[];
  readonly user?: string | undefined;
  /** Of an agent that comes and goes: the service starts it again this long after it ended. */
  readonly visitEverySeconds?: number | undefined;
}

/** What a unit says of an agent that comes and goes: between two visits there is no process. */
export const visitsDropIn = (everySeconds: number): string => `[Service]\nRestartSec=${everySeconds}\n`;

/**
 * The unit for systemd. What it takes away is nothing that evidence needs: the agent reads files of every user and what
 * /proc says of their processes, so it keeps two capabilities, /home to read and the devices and temporary files of the
 * host. `systemd-analyze security` rates it below 3.5. V8 makes code at run time: MemoryDenyWriteExecute would end it.
 */
export const systemdUnit = ({ command, user, visitEverySeconds = 60 }: ServiceOptions): string => `[Unit]
Description=Assay agent: collects evidence about this host for an Assay server
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0
ConditionPathExists=/etc/assay-agent/config.json

[Service]
ExecStart=${command.join(' ')} run
Restart=always
RestartSec=${visitEverySeconds}
TimeoutStopSec=15
${user === undefined ? '' : `User=${user}\nAmbientCapabilities=CAP_DAC_READ_SEARCH CAP_SYS_PTRACE\n`}StateDirectory=assay-agent
StateDirectoryMode=0700
UMask=0077

# The agent and what it starts here. An assessment that must wait is better than a host that must. oscap, which writes
# into /tmp and would take a mount of this sandbox for one of the host's, gets a service of its own from systemd-run, held
# to 512 MiB; where that cannot be had it is started here.
MemoryMax=640M
OOMPolicy=continue
TasksMax=128
CPUWeight=20
CPUQuota=100%
IOWeight=20
Nice=10

CapabilityBoundingSet=CAP_DAC_READ_SEARCH CAP_SYS_PTRACE
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
ProtectControlGroups=yes
ProtectKernelTunables=yes
ProtectKernelLogs=yes
ProtectClock=yes
ProtectHostname=yes
PrivateMounts=yes
DevicePolicy=closed
KeyringMode=private
LockPersonality=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources

[Install]
WantedBy=multi-user.target
`;

/** A shell that starts its arguments again and again, and ends them when it is ended itself. */
const visitLoop = (everySeconds: number): string =>
  `trap "kill \\$child 2>/dev/null; wait \\$child; exit 0" TERM; while :; do "$@" & child=$!; wait $child; sleep ${everySeconds} & child=$!; wait $child; done`;

/** The script for hosts without systemd. It is started again by the next boot alone. */
export const initScript = ({ command, user, visitEverySeconds }: ServiceOptions): string => `#!/bin/sh
### BEGIN INIT INFO
# Provides:          assay-agent
# Required-Start:    $remote_fs $network
# Required-Stop:     $remote_fs $network
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
# Short-Description: Assay agent
# Description:       Collects evidence about this host for an Assay server
### END INIT INFO
# chkconfig: 2345 90 10
# description: Assay agent

pidfile=/run/assay-agent.pid
log=/var/log/assay-agent.log

running() {
	pid=$(cat "$pidfile" 2>/dev/null) && [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null
}

start() {
	if running; then return 0; fi
	umask 077
	: >>"$log"
	${user === undefined ? '' : `chown ${user} "$log"\n\t`}nohup ${visitEverySeconds === undefined ? '' : `sh -c '${visitLoop(visitEverySeconds)}' assay-agent `}${user === undefined ? '' : `setpriv --reuid ${user} --regid ${user} --init-groups `}nice -n 10 ${command.join(' ')} run </dev/null >>"$log" 2>&1 &
	echo $! >"$pidfile"
}

stop() {
	if running; then
		kill "$pid"
		waited=0
		while kill -0 "$pid" 2>/dev/null && [ "$waited" -lt 15 ]; do
			sleep 1
			waited=$((waited + 1))
		done
		kill -9 "$pid" 2>/dev/null
	fi
	rm -f "$pidfile"
}

case "$1" in
start) start ;;
stop) stop ;;
restart | force-reload | reload)
	stop
	start
	;;
status)
	if running; then
		echo "assay-agent runs as process $pid"
	else
		echo "assay-agent does not run"
		exit 3
	fi
	;;
*)
	echo "Usage: $0 {start|stop|restart|status}" >&2
	exit 2
	;;
esac
`;
