/** The server's unit for systemd, for a build in /opt/assay/server. It makes its user and its directories by itself. */
export const SERVER_UNIT = `[Unit]
Description=Assay: the self-hosted Amazon Inspector Classic
Wants=network-online.target
After=network-online.target

[Service]
# ASSAY_OPTIONS, such as --host 0.0.0.0 --tls-key … --tls-cert …, ASSAY_DATABASE_URL and all other settings.
EnvironmentFile=-/etc/assay/server.env
Environment=ASSAY_DATA_DIR=/var/lib/assay NODE_COMPILE_CACHE=/var/cache/assay
ExecStart=/usr/bin/node /opt/assay/server/assay.mjs serve $ASSAY_OPTIONS
Restart=always
RestartSec=2
TimeoutStopSec=60
DynamicUser=yes
StateDirectory=assay
StateDirectoryMode=0700
CacheDirectory=assay
UMask=0077
# Each agent holds a connection.
LimitNOFILE=65536
LimitCORE=0

CapabilityBoundingSet=
DevicePolicy=closed
KeyringMode=private
LockPersonality=yes
NoNewPrivileges=yes
PrivateDevices=yes
PrivateMounts=yes
PrivateTmp=yes
PrivateUsers=yes
ProcSubset=all
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RemoveIPC=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
SystemCallFilter=@system-service
SystemCallFilter=~@privileged

[Install]
WantedBy=multi-user.target
`;
