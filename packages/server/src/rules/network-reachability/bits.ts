/** Flags by name, as nft and iptables write them. */
export const bitNames = {
  tcpFlags: { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ecn: 64, cwr: 128 },
  ctState: { invalid: 1, established: 2, related: 4, new: 8, untracked: 64 },
  ctStatus: { expected: 1, 'seen-reply': 2, assured: 4, confirmed: 8, snat: 16, dnat: 32, dying: 512 },
} as const satisfies Readonly<Record<string, Readonly<Record<string, number>>>>;

/** IP protocols that rules name; another name is of none that is looked at. */
export const protocolNumbers: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  icmpv6: 58,
  sctp: 132,
  udplite: 136,
};
