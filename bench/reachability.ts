/** All 65,535 ports of TCP and UDP from three zones through 1,000 rules, and nmap's scan of TCP from one zone in the same run. */
import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { defaultZones } from '../packages/server/src/domain/zones.ts';
import { networkReachability } from '../packages/server/src/rules/network-reachability/index.ts';
import { networkHost } from '../test/rules/network-reachability/network-host.ts';
import { percentile, type Report, type Row } from './report.ts';

const ROUNDS = 15;
const RULES = 1000;
/** A program of the system, measured where it is installed. */
const [NMAP] = ['nmap'] as const;

/** Rules as a person writes them over years: mostly ports, some for a few networks. */
function ruleset(): string {
  const chain = {
    family: 'inet',
    table: 'filter',
    name: 'input',
    type: 'filter',
    hook: 'input',
    prio: 0,
    policy: 'drop',
  };
  const match = (protocol: string, field: string, right: unknown) => ({
    match: { op: '==', left: { payload: { protocol, field } }, right },
  });
  const rules = Array.from({ length: RULES }, (_, at) => {
    const port = match(
      at % 3 === 0 ? 'udp' : 'tcp',
      'dport',
      at % 5 === 0 ? { range: [at * 60, at * 60 + 20] } : at * 60 + 7,
    );
    const source = match('ip', 'saddr', { prefix: { addr: `${20 + (at % 40)}.${at % 7}.0.0`, len: 16 } });
    const verdict = { [at % 4 === 0 ? 'drop' : 'accept']: null };
    return {
      rule: { ...chain, chain: 'input', handle: at, expr: at % 50 === 0 ? [source, port, verdict] : [port, verdict] },
    };
  });
  return JSON.stringify({ nftables: [{ chain }, ...rules] });
}

export function reachability(): Report {
  const nftables = ruleset();
  const evidence = networkHost({ nftables });
  const zones = defaultZones.map((zone) => ({ ...zone, interfaces: ['eth0'] }));
  const work = (): number => networkReachability.evaluate(evidence, { at: 0, zones }).length;
  const floor = measured('JSON.parse of the rules', () => Object.keys(JSON.parse(nftables)).length);
  const ours = measured(`${RULES} rules: 65,535 ports × 2 protocols × 3 zones`, work);
  const nmap = scan();
  return {
    bench: `reachability: every port of a host through ${RULES} rules`,
    columns: ['median ms', 'fastest ms'],
    floor,
    rows: [ours, ...(nmap ? [nmap] : [])],
    ratio: "times the floor's time",
  };
}

function measured(label: string, work: () => number): Row {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begin = performance.now();
    work();
    times.push(performance.now() - begin);
  }
  return { label, values: [percentile(times, 0.5), Math.min(...times)] };
}

/** One scan of this machine by itself, which no network slows down. */
function scan(): Row | undefined {
  const begin = performance.now();
  const { status } = spawnSync(NMAP, ['-n', '-Pn', '-sT', '-p-', '127.0.0.1'], { stdio: 'ignore' });
  const took = performance.now() - begin;
  if (status === 0) return { label: 'nmap -sT -p- of 127.0.0.1: TCP, one zone', values: [took, took] };
  console.error('reachability: nmap is not there, and not measured');
  return undefined;
}
