import type { Answer } from './answer.ts';
import type { Packet, Surroundings } from './packet.ts';
import type { PortClasses } from './port-classes.ts';
import type { Ranges, Value } from './ranges.ts';

export type Test = (packet: Packet, around: Surroundings) => Answer;

export type Verdict =
  | { readonly is: 'accept' | 'drop' | 'reject' | 'return' | 'continue' }
  | { readonly is: 'jump' | 'goto'; readonly chain: string }
  /** Accepted or dropped by what cannot be seen (a program in user space, an unknown target). */
  | { readonly is: 'unknown'; readonly what: string };

/** Where a translation of the destination leads: each with the ports that it holds for. */
export interface Translation {
  readonly ports: Ranges;
  /** `device`: the first address of the device that the packet came in by. Absent: as it was. */
  readonly address?: Value | 'device' | 'unknown';
  readonly family?: 4 | 6;
  readonly port?: Ranges;
}

/** What a packet must have for a match: it matches no other. */
export interface Only {
  readonly sources?: Ranges;
  readonly protocol?: Packet['protocol'];
}

export type Statement =
  | {
      readonly do: 'match';
      readonly test: Test;
      readonly only?: Only;
    }
  | { readonly do: 'verdict'; readonly verdict: Verdict }
  /** One of several verdicts; what matches none leaves the rule. */
  | {
      readonly do: 'choose';
      readonly choose: (
        packet: Packet,
        around: Surroundings,
      ) => readonly { readonly answer: Answer; readonly verdict: Verdict }[];
    }
  | {
      readonly do: 'translate';
      readonly to: (packet: Packet, around: Surroundings) => readonly (Translation & { readonly unsure?: string })[];
    }
  | { readonly do: 'mark'; readonly mark: (mark: Packet['mark']) => Packet['mark'] }
  | { readonly do: 'untrack' };

export interface FirewallRule {
  readonly table: string;
  readonly chain: string;
  /** `handle 19` of nft, `rule 3` of iptables. */
  readonly place: string;
  readonly text: string;
  /** How to put another rule before this one: the command up to that rule's match. */
  readonly insert: string;
  readonly remove: string;
  readonly statements: readonly Statement[];
}

export type Hook = 'ingress' | 'prerouting' | 'input' | 'forward' | 'postrouting';

export interface Chain {
  readonly key: string;
  readonly table: string;
  readonly name: string;
  /** `inet`, `ip`, `ip6`, `netdev`: whose packets it sees. */
  readonly family: string;
  readonly base?: {
    readonly hook: Hook;
    readonly priority: number;
    readonly nat: boolean;
    readonly policy: 'accept' | 'drop';
    /** Of ingress: the devices; absent where the list does not tell. */
    readonly devices?: readonly string[];
  };
  readonly insert: string;
  readonly rules: FirewallRule[];
}

/** What the rules tell apart, so that one packet of each class stands for all. */
export interface Distinctions {
  readonly sources: Ranges[];
  readonly sourcePorts: Ranges[];
  readonly ports: Ranges[];
}

export interface Ruleset {
  readonly chains: ReadonlyMap<string, Chain>;
  readonly distinctions: Distinctions;
  readonly ports: PortClasses;
  /** Whether a rule asks for the route back to the source. */
  readonly asksRoutes: boolean;
  readonly rules: number;
}
