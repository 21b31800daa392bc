/** Rulesets with the structure of those that programs write, cut down by hand to the rules that matter. */
import type { Loaded } from './harness.ts';

interface Shape {
  readonly name: string;
  readonly parts: readonly Loaded[];
  /** Ports that are tried, TCP and UDP. */
  readonly ports: readonly number[];
  /** From 203.0.113.1, over IPv4: what is open, and what is conditional. */
  readonly open: readonly string[];
  readonly conditional?: readonly string[];
}

const nft = (text: string): Loaded => ({ program: 'nft', text });
const iptables = (text: string, kind: 'nft' | 'legacy' = 'nft'): Loaded => ({
  program: `iptables-${kind}-restore`,
  text: `${text.trim()}\n`,
});
const ip6tables = (text: string): Loaded => ({ program: 'ip6tables-nft-restore', text: `${text.trim()}\n` });

/** A zone's policies come before it, and its own chains: pre, log, deny, allow, post. */
const firewalld = nft(`
table inet firewalld {
  chain mangle_PREROUTING { type filter hook prerouting priority mangle + 10; policy accept; jump mangle_PREROUTING_ZONES; }
  chain mangle_PREROUTING_ZONES { iifname "wan0" goto mangle_PRE_public; goto mangle_PRE_public; }
  chain mangle_PRE_public { jump mangle_PRE_public_allow; }
  chain mangle_PRE_public_allow { tcp dport 8443 meta mark set 0x64; }
  chain nat_PREROUTING { type nat hook prerouting priority dstnat + 10; policy accept; jump nat_PREROUTING_ZONES; }
  chain nat_PREROUTING_ZONES { iifname "wan0" goto nat_PRE_public; goto nat_PRE_public; }
  chain nat_PRE_public { jump nat_PRE_public_allow; }
  chain nat_PRE_public_allow { meta nfproto ipv4 tcp dport 8080 redirect to :80; meta nfproto ipv4 tcp dport 8443 dnat ip to 172.17.0.2:443; }
  chain filter_PREROUTING {
    type filter hook prerouting priority filter + 10; policy accept;
    icmpv6 type { nd-router-advert, nd-neighbor-solicit } accept
    meta nfproto ipv6 fib saddr . mark . iif oif missing drop
  }
  chain filter_INPUT {
    type filter hook input priority filter + 10; policy accept;
    ct state { established, related } accept
    ct status dnat accept
    iifname "lo" accept
    ct state invalid drop
    jump filter_INPUT_ZONES
    reject with icmpx admin-prohibited
  }
  chain filter_FORWARD {
    type filter hook forward priority filter + 10; policy accept;
    ct state { established, related } accept
    ct status dnat accept
    iifname "lo" accept
    ct state invalid drop
    ip6 daddr { ::/96, ::ffff:0.0.0.0/96, 2002::/24 } reject with icmpv6 addr-unreachable
    reject with icmpx admin-prohibited
  }
  chain filter_INPUT_ZONES { ip saddr 198.51.100.7 goto filter_IN_drop; iifname "wan0" goto filter_IN_public; goto filter_IN_public; }
  chain filter_IN_drop { drop; }
  chain filter_IN_public {
    jump filter_IN_public_pre; jump filter_IN_public_log; jump filter_IN_public_deny; jump filter_IN_public_allow; jump filter_IN_public_post
    meta l4proto { icmp, ipv6-icmp } accept
    reject with icmpx admin-prohibited
  }
  chain filter_IN_public_pre { }
  chain filter_IN_public_log { tcp dport 9090 limit rate 3/minute log prefix "cockpit "; }
  chain filter_IN_public_deny { ip saddr { 192.0.2.0/24 } tcp dport 22 reject; }
  chain filter_IN_public_allow { tcp dport 22 accept; tcp dport 9090 accept; ip6 daddr fe80::/64 udp dport 546 accept; tcp dport 80 accept; udp dport { 53, 1024-1030 } accept; }
  chain filter_IN_public_post { }
}`);

const ufw = (reject: string): string => `
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:ufw-before-logging-input - [0:0]
:ufw-before-input - [0:0]
:ufw-after-input - [0:0]
:ufw-after-logging-input - [0:0]
:ufw-reject-input - [0:0]
:ufw-track-input - [0:0]
:ufw-user-input - [0:0]
:ufw-user-limit - [0:0]
:ufw-user-limit-accept - [0:0]
:ufw-skip-to-policy-input - [0:0]
:ufw-logging-deny - [0:0]
:ufw-not-local - [0:0]
-A INPUT -j ufw-before-logging-input
-A INPUT -j ufw-before-input
-A INPUT -j ufw-after-input
-A INPUT -j ufw-after-logging-input
-A INPUT -j ufw-reject-input
-A INPUT -j ufw-track-input
-A ufw-before-input -i lo -j ACCEPT
-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A ufw-before-input -m conntrack --ctstate INVALID -j ufw-logging-deny
-A ufw-before-input -m conntrack --ctstate INVALID -j DROP
-A ufw-before-input -p udp -m udp --sport 67 --dport 68 -j ACCEPT
-A ufw-before-input -j ufw-not-local
-A ufw-before-input -j ufw-user-input
-A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN
-A ufw-not-local -m addrtype --dst-type MULTICAST -j RETURN
-A ufw-not-local -m addrtype --dst-type BROADCAST -j RETURN
-A ufw-not-local -m limit --limit 3/min --limit-burst 10 -j ufw-logging-deny
-A ufw-not-local -j DROP
-A ufw-after-input -p udp -m udp --dport 137 -j ufw-skip-to-policy-input
-A ufw-after-input -p tcp -m tcp --dport 445 -j ufw-skip-to-policy-input
-A ufw-after-input -m addrtype --dst-type BROADCAST -j ufw-skip-to-policy-input
-A ufw-skip-to-policy-input -j DROP
-A ufw-after-logging-input -m limit --limit 3/min --limit-burst 10 -j LOG --log-prefix "[UFW BLOCK] "
-A ufw-logging-deny -m conntrack --ctstate INVALID -m limit --limit 3/min --limit-burst 10 -j RETURN
-A ufw-logging-deny -m limit --limit 3/min --limit-burst 10 -j LOG --log-prefix "[UFW BLOCK] "
-A ufw-user-input -p tcp -m tcp --dport 80 -j ACCEPT
-A ufw-user-input -p tcp -m multiport --dports 443,8000:8010 -m comment --comment "dapp_Web%20Full" -j ACCEPT
${reject}
-A ufw-user-input -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -m recent --set --name DEFAULT --mask 255.255.255.255 --rsource
-A ufw-user-input -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -m recent --update --seconds 30 --hitcount 6 --name DEFAULT --mask 255.255.255.255 --rsource -j ufw-user-limit
-A ufw-user-input -p tcp -m tcp --dport 22 -j ufw-user-limit-accept
-A ufw-user-limit -m limit --limit 3/min -j LOG --log-prefix "[UFW LIMIT BLOCK] "
-A ufw-user-limit -j REJECT --reject-with icmp-port-unreachable
-A ufw-user-limit-accept -j ACCEPT
COMMIT`;

const docker = `
*nat
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A POSTROUTING -s 172.17.0.2/32 -d 172.17.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE
-A DOCKER -i docker0 -j RETURN
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
-A DOCKER -d 127.0.0.1/32 ! -i docker0 -p tcp -m tcp --dport 5432 -j DNAT --to-destination 172.17.0.2:5432
-A DOCKER ! -i docker0 -p udp -m udp --dport 5353 -j DNAT --to-destination 172.17.0.2:53
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:DOCKER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
:DOCKER-USER - [0:0]
-A INPUT -p tcp -m tcp --dport 2375 -j DROP
-A INPUT -i wan0 -p udp -j DROP
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p udp -m udp --dport 53 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -j RETURN
-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -j RETURN
-A DOCKER-USER -i wan0 -s 198.51.100.7/32 -j DROP
-A DOCKER-USER -j RETURN
COMMIT`;

const kubeProxy = `
*mangle
:PREROUTING ACCEPT [0:0]
:KUBE-PROXY-CANARY - [0:0]
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-EXT-WEB - [0:0]
:KUBE-SVC-WEB - [0:0]
:KUBE-SEP-ONE - [0:0]
:KUBE-SEP-TWO - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A KUBE-SERVICES -d 10.96.0.10/32 -p udp -m comment --comment "kube-system/kube-dns:dns cluster IP" -m udp --dport 53 -j KUBE-SVC-WEB
-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
-A KUBE-NODEPORTS -p tcp -m comment --comment "default/web:http" -m tcp --dport 30080 -j KUBE-EXT-WEB
-A KUBE-EXT-WEB -m comment --comment "masquerade traffic for default/web:http external destinations" -j KUBE-MARK-MASQ
-A KUBE-EXT-WEB -j KUBE-SVC-WEB
-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
-A KUBE-SVC-WEB -m comment --comment "default/web:http -> 10.244.0.2:8080" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-ONE
-A KUBE-SVC-WEB -m comment --comment "default/web:http -> 10.244.0.2:8081" -j KUBE-SEP-TWO
-A KUBE-SEP-ONE -s 10.244.0.2/32 -m comment --comment "default/web:http" -j KUBE-MARK-MASQ
-A KUBE-SEP-ONE -p tcp -m comment --comment "default/web:http" -m tcp -j DNAT --to-destination 10.244.0.2:8080
-A KUBE-SEP-TWO -p tcp -m comment --comment "default/web:http" -m tcp -j DNAT --to-destination 10.244.0.2:8081
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:KUBE-FIREWALL - [0:0]
:KUBE-FORWARD - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-EXTERNAL-SERVICES - [0:0]
:KUBE-PROXY-FIREWALL - [0:0]
-A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
-A INPUT -m comment --comment "kubernetes health check service ports" -j KUBE-NODEPORTS
-A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES
-A INPUT -j KUBE-FIREWALL
-A INPUT -p tcp -m tcp --dport 10250 -j ACCEPT
-A INPUT -i wan0 -j REJECT --reject-with icmp-port-unreachable
-A FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
-A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
-A KUBE-FIREWALL -m comment --comment "kubernetes firewall for dropping marked packets" -m mark --mark 0x8000/0x8000 -j DROP
-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment "block incoming localnet connections" -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP
-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP
-A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT
-A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
COMMIT`;

/** Calico marks what a policy allows; the workload's own policies are in sets of addresses, here without them. */
const calico = `
*raw
:PREROUTING ACCEPT [0:0]
:cali-PREROUTING - [0:0]
-A PREROUTING -m comment --comment "cali:6gwbT8clXdHdC1b1" -j cali-PREROUTING
-A cali-PREROUTING -m comment --comment "cali:XFX5xbM8B9qR10JG" -j MARK --set-xmark 0x0/0xf0000
-A cali-PREROUTING -i cali+ -m comment --comment "cali:EWMPb0zVROM-woQp" -j MARK --set-xmark 0x40000/0x40000
COMMIT
*filter
:INPUT ACCEPT [0:0]
:cali-INPUT - [0:0]
:cali-from-host-endpoint - [0:0]
:cali-fh-wan0 - [0:0]
:cali-wl-to-host - [0:0]
-A INPUT -m comment --comment "cali:Cz_u1IQiXIMmKD4c" -j cali-INPUT
-A cali-INPUT -i cali+ -m comment --comment "cali:FewJpBykm9iJ-YNH" -g cali-wl-to-host
-A cali-INPUT -m comment --comment "cali:hder3ARWznqqv8Va" -m mark --mark 0x10000/0x10000 -j ACCEPT
-A cali-INPUT -m comment --comment "cali:5M0gu_fNNHmTHFdG" -j MARK --set-xmark 0x0/0xf0000
-A cali-INPUT -m comment --comment "cali:A3HZMjzcOpQ3VNu5" -j cali-from-host-endpoint
-A cali-INPUT -m comment --comment "cali:qyV6mcoT_ej0LIXQ" -m mark --mark 0x10000/0x10000 -j ACCEPT
-A cali-from-host-endpoint -i wan0 -m comment --comment "cali:zXCXKcKzPMVZOmp1" -g cali-fh-wan0
-A cali-fh-wan0 -m comment --comment "cali:1a" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A cali-fh-wan0 -p tcp -m comment --comment "cali:1b" -m multiport --dports 22,2379,10250 -j MARK --set-xmark 0x10000/0x10000
-A cali-fh-wan0 -m comment --comment "cali:1c" -m mark --mark 0x10000/0x10000 -j RETURN
-A cali-fh-wan0 -m comment --comment "cali:1d" -j DROP
COMMIT`;

const fail2ban = `
*filter
:INPUT DROP [0:0]
:f2b-sshd - [0:0]
-A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
-A f2b-sshd -s 198.51.100.7/32 -j REJECT --reject-with icmp-port-unreachable
-A f2b-sshd -j RETURN
COMMIT`;
const fail2banNft = nft(`
table inet f2b-table {
  set addr-set-sshd { type ipv4_addr; elements = { 198.51.100.7, 192.0.2.130 } }
  chain f2b-chain { type filter hook input priority filter - 1; policy accept; tcp dport { 22 } ip saddr @addr-set-sshd reject with icmp port-unreachable; }
}`);

const libvirt = `
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:LIBVIRT_INP - [0:0]
:LIBVIRT_FWI - [0:0]
:LIBVIRT_FWO - [0:0]
-A INPUT -j LIBVIRT_INP
-A INPUT -i wan0 -p tcp -m tcp --dport 16509 -j ACCEPT
-A INPUT -i wan0 -j DROP
-A FORWARD -j LIBVIRT_FWI
-A FORWARD -j LIBVIRT_FWO
-A LIBVIRT_INP -i virbr0 -p udp -m udp --dport 53 -j ACCEPT
-A LIBVIRT_INP -i virbr0 -p tcp -m tcp --dport 53 -j ACCEPT
-A LIBVIRT_FWI -d 192.168.122.0/24 -o virbr0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A LIBVIRT_FWI -o virbr0 -j REJECT --reject-with icmp-port-unreachable
-A LIBVIRT_FWO -s 192.168.122.0/24 -i virbr0 -j ACCEPT
COMMIT`;
const libvirtForward = nft(`
table ip by_hand { chain pre { type nat hook prerouting priority dstnat; policy accept; tcp dport 2222 dnat to 192.168.122.2:22; }
}`);

/** One table by each: iptables for the old tables and nft both see every packet. */
const legacyFilter = `
*filter
:INPUT ACCEPT [0:0]
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT
-A INPUT -p udp -j DROP
-A INPUT -p tcp -m tcp --dport 1:1024 -j DROP
COMMIT`;
const nftBeside = nft(`
table inet filter { chain input { type filter hook input priority filter; policy drop; tcp dport { 22, 443, 8080 } accept; udp dport 53 accept; }
}`);

const six = `
*filter
:INPUT DROP [0:0]
-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT
COMMIT`;

export const shapes: readonly Shape[] = [
  {
    name: 'firewalld',
    parts: [firewalld],
    ports: [22, 53, 80, 443, 1027, 8080, 8443, 9090],
    open: ['tcp/22', 'udp/53', 'tcp/80', 'udp/1027', 'tcp/8080', 'tcp/8443', 'tcp/9090'],
  },
  {
    name: 'ufw',
    parts: [
      iptables(ufw('-A ufw-user-input -s 198.51.100.7/32 -p tcp -m tcp --dport 25 -j REJECT --reject-with tcp-reset')),
      ip6tables(six),
    ],
    ports: [22, 25, 68, 80, 137, 443, 445, 8005],
    open: ['tcp/80', 'tcp/443', 'tcp/8005'],
    conditional: ['tcp/22'],
  },
  {
    name: 'Docker',
    parts: [iptables(docker)],
    ports: [22, 53, 80, 2375, 5353, 5432, 8080],
    open: ['tcp/22', 'tcp/53', 'tcp/80', 'tcp/5353', 'udp/5353', 'tcp/5432', 'tcp/8080'],
  },
  {
    name: 'kube-proxy',
    parts: [iptables(kubeProxy)],
    ports: [22, 8080, 10_250, 30_080],
    open: ['tcp/30080'],
    // Only another program could have set the mark that kube-proxy asks for: nothing in the rules does.
    conditional: ['tcp/10250'],
  },
  {
    name: 'Calico',
    parts: [iptables(calico)],
    ports: [22, 80, 2379, 10_250],
    open: ['tcp/22', 'tcp/2379', 'tcp/10250'],
  },
  { name: 'fail2ban', parts: [iptables(fail2ban), fail2banNft], ports: [22, 80], open: ['tcp/22'] },
  {
    name: 'libvirt',
    parts: [iptables(libvirt), libvirtForward],
    ports: [22, 53, 2222, 16_509],
    open: ['tcp/16509'],
  },
  {
    name: 'iptables-legacy beside nft',
    parts: [iptables(legacyFilter, 'legacy'), nftBeside],
    ports: [22, 53, 80, 443, 8080],
    open: ['tcp/22', 'tcp/8080'],
  },
];
