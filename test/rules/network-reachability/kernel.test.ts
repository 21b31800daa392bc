import { expect, test } from 'vitest';
import { effort } from '../../support/effort.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { testSeed } from '../../support/test-seed.ts';
import { choicesOf, ports } from './kernel/choices.ts';
import { type Loaded, openHarness, type SentProbe } from './kernel/harness.ts';
import { sources, target, whyNoNamespaces } from './kernel/namespaces.ts';
import { randomIptables, type Window } from './kernel/random-iptables.ts';
import { randomNftables } from './kernel/random-nftables.ts';
import { shapes } from './kernel/shapes.ts';

const why = whyNoNamespaces();
if (why !== undefined) console.log(`SKIPPED: rulesets against the kernel (${why})`);

const RULESETS = effort('rulesets', 200);
/** Rulesets that are in the namespace at once, each for source ports of its own, and packets for each. */
const TOGETHER = 10;
const PROBES = 60;
const WINDOW = 4000;
const FIRST_PORT = 20_000;

const windows = (count: number): Window[] =>
  Array.from({ length: count }, (_, at) => [FIRST_PORT + at * WINDOW, FIRST_PORT + (at + 1) * WINDOW - 1]);

test.skipIf(why !== undefined)(
  `the kernel lets through what is said to be open, and nothing that is closed: ${RULESETS} random rulesets`,
  { timeout: RULESETS * 2000 + 60_000 },
  async () => {
    const harness = openHarness();
    const counts = { rulesets: 0, refused: 0, packets: 0, open: 0, closed: 0, conditional: 0, stoppingRules: 0 };
    const wrong: string[] = [];
    let sent = 0;
    for (let at = 0; at < RULESETS && wrong.length === 0; at += TOGETHER) {
      const seed = testSeed + at;
      const pick = choicesOf(seededRandom(seed));
      const kind = pick.of(['nft', 'nft', 'nft', 'iptables-nft', 'iptables-legacy'] as const);
      const together = Math.min(TOGETHER, RULESETS - at);
      const parts: Loaded[] =
        kind === 'nft'
          ? [{ program: 'nft', text: randomNftables(pick, windows(together)) }]
          : ([4, 6] as const).map((family) => ({
              program: `${family === 4 ? kind : kind.replace('iptables', 'ip6tables')}-restore`,
              text: randomIptables(pick, family, windows(together)),
            }));
      if (!harness.load(parts)) {
        counts.refused += together;
        continue;
      }
      counts.rulesets += together;
      const probes = windows(together).flatMap(([low]) =>
        Array.from({ length: PROBES }, (_, each): SentProbe => {
          const six = pick.chance(0.4);
          return {
            protocol: pick.of(['tcp', 'udp']),
            source: pick.of(six ? sources.v6 : sources.v4),
            sourcePort: low + ((sent + each) % WINDOW),
            destination: six ? target.v6 : pick.of([target.v4, target.v4, target.other]),
            port: Math.min(65_535, Math.max(1, pick.of(ports) + pick.of([-1, 0, 0, 0, 1]))),
          };
        }),
      );
      sent += PROBES;
      const filter = pick.of(['0', '0', '1', '2']);
      const pass = await harness.compare(probes, filter);
      counts.packets += probes.length;
      counts.stoppingRules += pass.counted;
      for (const { way } of pass.compared) counts[way.state]++;
      const text = parts.map((part) => part.text).join('\n');
      wrong.push(
        ...pass.wrong.slice(0, 3).map((each) => `seed ${seed} (${kind}, rp_filter ${filter}): ${each}\n${text}`),
      );
    }
    console.log(`seed ${testSeed}: ${JSON.stringify(counts)}`);
    expect(wrong.join('\n\n')).toBe('');
    expect(counts.rulesets).toBeGreaterThan(0);
    expect(counts.open).toBeGreaterThan(0);
    expect(counts.closed).toBeGreaterThan(0);
    expect(counts.stoppingRules).toBeGreaterThan(0);
  },
);

test.skipIf(why !== undefined)(
  `rulesets in the shapes of ${shapes.map(({ name }) => name).join(', ')}`,
  { timeout: 120_000 },
  async () => {
    const harness = openHarness();
    let sourcePort = FIRST_PORT;
    for (const { name, parts, ports: asked, open, conditional = [] } of shapes) {
      expect(harness.load(parts), name).toBe(true);
      const probes = asked.flatMap((port) =>
        (['tcp', 'udp'] as const).flatMap((protocol) =>
          [
            [sources.v4[0], target.v4],
            [sources.v4[1], target.v4],
            [sources.v6[1], target.v6],
          ].map(([source = '', destination = '']) => {
            sourcePort++;
            return { protocol, source, sourcePort, destination, port };
          }),
        ),
      );
      const pass = await harness.compare(probes);
      expect(pass.wrong, name).toEqual([]);
      const told = (state: string): string[] => [
        ...new Set(
          pass.compared.flatMap(({ way, probe }) =>
            way.state === state && probe.source === sources.v4[0] ? [`${probe.protocol}/${probe.port}`] : [],
          ),
        ),
      ];
      expect({ name, open: told('open'), conditional: told('conditional') }).toEqual({ name, open, conditional });
    }
  },
);
