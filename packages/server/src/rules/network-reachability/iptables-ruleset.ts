import { oneLine } from '@assay/model/safe-text.ts';
import type { Family } from './addresses.ts';
import { BeyondBounds, bounds } from './bounds.ts';
import { iptablesMatch } from './iptables-match.ts';
import { iptablesTarget } from './iptables-target.ts';
import { type Option, optionsOf, wordsOf } from './iptables-words.ts';
import { UnreadableRules } from './nft-ruleset.ts';
import type { Chain, Distinctions, Hook, Statement } from './ruleset.ts';

/** Where the kernel calls the chains of each table (linux/netfilter_ipv4.h). */
const BUILT_IN: Readonly<Record<string, Readonly<Record<string, readonly [Hook, number]>>>> = {
  raw: { PREROUTING: ['prerouting', -300] },
  mangle: {
    PREROUTING: ['prerouting', -150],
    INPUT: ['input', -150],
    FORWARD: ['forward', -150],
    POSTROUTING: ['postrouting', -150],
  },
  nat: { PREROUTING: ['prerouting', -100], INPUT: ['input', 100], POSTROUTING: ['postrouting', 100] },
  filter: { INPUT: ['input', 0], FORWARD: ['forward', 0] },
  security: { INPUT: ['input', 50], FORWARD: ['forward', 50] },
};

export interface ReadTables {
  readonly tables: readonly string[];
  readonly rules: number;
  readonly asksRoutes: boolean;
}

/** Adds the chains that iptables-save printed to `chains`. */
export function readIptables(
  text: string,
  family: Family,
  variant: 'nft' | 'legacy',
  chains: Map<string, Chain>,
  distinctions: Distinctions,
): ReadTables {
  const program = `${family === 4 ? 'iptables' : 'ip6tables'}${variant === 'legacy' ? '-legacy' : ''}`;
  const tables: string[] = [];
  const lines: { table: string; words: readonly string[]; line: string }[] = [];
  let table = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) {
      if (table !== '') throw cut(program, table);
      table = line.slice(1).trim();
      tables.push(table);
    } else if (line.trim() === 'COMMIT') table = '';
    else if (line.startsWith(':')) {
      const [name = '', policy = ''] = line.slice(1).split(' ');
      addChain(chains, { program, family, table, name, policy });
    } else if (line.startsWith('-A ')) {
      lines.push({ table, words: wordsOf(line), line });
      if (lines.length > bounds.rules) throw new BeyondBounds(`the firewall has more than ${bounds.rules} rules`);
    } else if (!/^\s*(?:#.*)?\s*$/.test(line)) {
      throw new UnreadableRules(`${program}-save printed a line that is not known: ${oneLine(line, 80)}`);
    }
  }
  if (table !== '') throw cut(program, table);
  for (const { table: of, words, line } of lines)
    addRule(chains, { program, family, table: of }, words, line, distinctions);
  return { tables, rules: lines.length, asksRoutes: /--(?:validmark|loose|rpfilter)|-m rpfilter/.test(text) };
}

const cut = (program: string, table: string): UnreadableRules =>
  new UnreadableRules(`${program}-save did not print the end of the table ${oneLine(table, 40)}`);

interface Where {
  readonly program: string;
  readonly family: Family;
  readonly table: string;
}

const keyOf = ({ program, table }: Where, chain: string): string => `${program} ${table} ${chain}`;
const labelOf = ({ program, table }: Where): string => `${program} ${table}`;

function addChain(chains: Map<string, Chain>, of: Where & { readonly name: string; readonly policy: string }): void {
  const { table, name, policy, family, program } = of;
  const hook = Object.hasOwn(BUILT_IN, table) ? BUILT_IN[table]?.[name] : undefined;
  const key = keyOf(of, name);
  const base = hook && {
    hook: hook[0],
    priority: hook[1],
    nat: table === 'nat',
    policy: policy === 'DROP' ? ('drop' as const) : ('accept' as const),
  };
  const insert = `${program} -t ${table} -I ${name}`;
  chains.set(key, {
    key,
    table: labelOf(of),
    name,
    family: family === 4 ? 'ip' : 'ip6',
    ...(base && { base }),
    insert,
    rules: [],
  });
}

function addRule(
  chains: ReadonlyMap<string, Chain>,
  where: Where,
  words: readonly string[],
  line: string,
  distinctions: Distinctions,
): void {
  const { family, program, table } = where;
  const [, name = '', ...rest] = words;
  const chain = chains.get(keyOf(where, name));
  if (!chain) return;
  const options = joined(optionsOf(rest));
  const at = options.findIndex(({ name: option }) => ['-j', '-g', '--jump', '--goto'].includes(option));
  const matches = at < 0 ? options : options.slice(0, at);
  const statements: Statement[] = matches.flatMap((option) => {
    const before = distinctions.sources.length;
    const test = iptablesMatch({ family, distinctions, options }, option);
    if (!test) return [];
    const isOne = (...names: string[]): boolean => !option.negated && names.includes(option.name);
    const sources = isOne('-s', '--source') ? distinctions.sources[before] : undefined;
    const [value] = isOne('-p', '--protocol') ? option.values : [];
    const protocol = value === 'tcp' || value === 'udp' ? value : undefined;
    return [{ do: 'match' as const, test, only: { ...(sources && { sources }), ...(protocol && { protocol }) } }];
  });
  const target = options[at];
  if (target) {
    const key = (to: string): string | undefined => (chains.has(keyOf(where, to)) ? keyOf(where, to) : undefined);
    const isGoto = target.name === '-g' || target.name === '--goto';
    statements.push(
      ...iptablesTarget(family, target.values[0] ?? '', isGoto, options.slice(at + 1), distinctions, key),
    );
  }
  const number = chain.rules.length + 1;
  chain.rules.push({
    table: labelOf(where),
    chain: name,
    place: `rule ${number}`,
    text: oneLine(line.replace(/^-A \S+ ?/, ''), 300),
    insert: `${program} -t ${table} -I ${name} ${number}`,
    remove: `${program} -t ${table} -D ${name} ${number}`,
    statements,
  });
}

/** Extensions whose options are about one thing together: what `-m` names is asked as a whole where it cannot be decided. */
const TOGETHER = new Set([
  'limit',
  'hashlimit',
  'recent',
  'connlimit',
  'connbytes',
  'statistic',
  'time',
  'owner',
  'set',
  'string',
  'quota',
  'u32',
  'bpf',
  'geoip',
  'physdev',
  'policy',
  'socket',
  'connmark',
  'length',
  'ttl',
  'hl',
  'dscp',
  'tos',
  'helper',
  'rateest',
  'cgroup',
  'mac',
  'rpfilter',
  'ipvs',
  'realm',
  'nfacct',
  'cluster',
  'cpu',
  'devgroup',
  'ecn',
  'tcpmss',
  'ah',
  'esp',
  'sctp',
  'dccp',
  'frag',
  'hbh',
  'dst',
  'rt',
  'ipv6header',
  'mh',
  'eui64',
  'osf',
  'srh',
  'connlabel',
  'l2tp',
  'control',
]);

function joined(options: readonly Option[]): Option[] {
  const result: Option[] = [];
  let open: { name: string; negated: boolean; values: string[] } | undefined;
  for (const option of options) {
    const { name, values, negated } = option;
    if (name === '-m' || name === '--match') {
      const extension = values[0] ?? '';
      open = TOGETHER.has(extension) ? { name: `-m ${extension}`, negated: false, values: [] } : undefined;
      if (open) result.push(open);
    } else if (['-j', '-g', '--jump', '--goto'].includes(name)) {
      open = undefined;
      result.push(option);
    } else if (open) open.values.push(`${negated ? '! ' : ''}${name}`, ...values);
    else result.push(option);
  }
  return result;
}
