import {
  isDay,
  type ReleaseSupport,
  type SupportEnd,
  type SupportPhase,
  supportPhases,
} from '../../domain/release-support.ts';
import { FeedFault } from '../feed-fault.ts';
import { instantOf, listOf, member, objectOf, tokenOf } from '../hostile-value.ts';
import type { FeedOutcome } from '../imported-record.ts';
import { fileBytes, headOf } from './file-bytes.ts';
import { textLines } from './text-lines.ts';
import { wholeJson } from './whole-json.ts';

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_PRODUCTS = 10_000;
const MAX_RELEASES = 1_000;
const MAX_CSV = 1024 * 1024;
const MAX_LINE = 1000;

type Phase = Omit<SupportPhase, 'until'>;

interface Product {
  readonly id: string;
  /** What follows its security support. */
  readonly extended?: Phase;
  /** What its releases are called here, where that is not what they are called there. */
  readonly version?: (name: string) => string;
}

/** The distributions that advisories are read for, as endoflife.date calls them. */
const products: Readonly<Record<string, Product>> = {
  almalinux: { id: 'almalinux' },
  'alpine-linux': { id: 'alpine' },
  'amazon-linux': { id: 'amzn', version: (name) => (name === '2018.03' ? '1' : name) },
  'azure-linux': { id: 'azurelinux', version: (name) => name.replace(/\.0$/, '') },
  debian: { id: 'debian', extended: supportPhases.debianLts },
  openeuler: { id: 'openeuler', version: (name) => name.toUpperCase() },
  opensuse: { id: 'opensuse-leap' },
  rhel: { id: 'rhel', extended: supportPhases.redHatEls },
  'rocky-linux': { id: 'rocky' },
  sles: { id: 'sles', extended: supportPhases.suseLtss },
  ubuntu: { id: 'ubuntu', extended: supportPhases.ubuntuEsm },
};

/**
 * Until when releases are supported: all products of endoflife.date (https://endoflife.date/api/v1/products/full), or
 * `debian.csv` or `ubuntu.csv` of distro-info-data, which have no date of their own. Throws {@link FeedFault} where it is
 * neither.
 */
export async function* endsOfLifeFile(path: string): AsyncGenerator<FeedOutcome> {
  const begin = (await headOf(path, 100)).toString('latin1');
  yield* begin.startsWith('version,codename,') ? distroInfo(path) : endOfLifeDate(path);
}

async function* endOfLifeDate(path: string): AsyncGenerator<FeedOutcome> {
  const answer = objectOf(await wholeJson(path, MAX_BYTES), 'the answer');
  const asOf = instantOf(member(answer, 'generated_at'));
  if (asOf === undefined) throw new FeedFault('generated_at is no instant: of when it is cannot be told');
  let known = 0;
  for (const each of listOf(member(answer, 'result'), 'result', MAX_PRODUCTS)) {
    let what = 'a product';
    try {
      const product = objectOf(each, 'a product');
      what = tokenOf(member(product, 'name'), 'name', 100);
      const of = Object.hasOwn(products, what) ? products[what] : undefined;
      if (!of) continue;
      known += 1;
      for (const release of listOf(member(product, 'releases'), 'releases', MAX_RELEASES)) {
        yield releaseOutcome(of, release, asOf, what);
      }
    } catch (error) {
      if (!(error instanceof FeedFault)) throw error;
      yield { refusal: 'unreadable', what, reason: error.message };
    }
  }
  if (known === 0) throw new FeedFault('it names no distribution that is known');
}

function releaseOutcome(
  { id, version, extended }: Product,
  value: unknown,
  asOf: string,
  product: string,
): FeedOutcome {
  let what = product;
  try {
    const release = objectOf(value, 'a release');
    const name = tokenOf(member(release, 'name'), 'name', 40);
    what = `${product} ${name}`;
    const until = (flag: string, day: string): SupportEnd | undefined =>
      endOf(member(release, flag), member(release, day), day);
    const security = until('isEol', 'eolFrom');
    if (security === undefined) throw new FeedFault('isEol is neither true nor false');
    const end = extended && until('isEoes', 'eoesFrom');
    // The same day twice is no phase of its own: there is none.
    const phases = extended && end !== undefined && end !== security ? [{ ...extended, until: end }] : [];
    return itemOf({ release: `${id}:${version?.(name) ?? name}`, security, extended: phases }, asOf);
  } catch (error) {
    if (!(error instanceof FeedFault)) throw error;
    return { refusal: 'unreadable', what, reason: error.message };
  }
}

/** A date decides; without one, whether it is over. Undefined where there is no such phase. */
function endOf(over: unknown, day: unknown, what: string): SupportEnd | undefined {
  if (typeof day === 'string') {
    if (!isDay(day)) throw new FeedFault(`${what} is no day`);
    return day;
  }
  if (day !== null && day !== undefined) throw new FeedFault(`${what} is no day`);
  return typeof over === 'boolean' ? (over ? 'OVER' : 'OPEN') : undefined;
}

const itemOf = (support: ReleaseSupport, asOf?: string): FeedOutcome => ({
  item: { kind: 'support', support },
  ...(asOf !== undefined && { asOf }),
});

/** Which columns follow a release's `eol`, and whose they are. */
const lists: readonly (readonly [id: string, column: string, phases: readonly (readonly [string, Phase])[]])[] = [
  [
    'debian',
    'eol-lts',
    [
      ['eol-lts', supportPhases.debianLts],
      ['eol-elts', supportPhases.freexianElts],
    ],
  ],
  [
    'ubuntu',
    'eol-esm',
    [
      ['eol-esm', supportPhases.ubuntuEsm],
      ['eol-legacy', supportPhases.ubuntuLegacy],
    ],
  ],
];

async function* distroInfo(path: string): AsyncGenerator<FeedOutcome> {
  let columns: readonly string[] = [];
  for await (const line of textLines(fileBytes(path, MAX_CSV), MAX_LINE)) {
    const cells = 'text' in line ? line.text.split(',') : [];
    if (columns.length === 0) {
      columns = cells;
      continue;
    }
    const list = lists.find(([, column]) => columns.includes(column));
    if (!list) throw new FeedFault('its columns are neither those of Debian nor those of Ubuntu');
    const [id, , phases] = list;
    const row = new Map(columns.map((column, index) => [column, cells[index] ?? '']));
    const name = row.get('version')?.replace(/ LTS$/, '') ?? '';
    // Releases that are still made, and those that are never released.
    if ('text' in line && (name === '' || !row.get('release'))) continue;
    const ends = ['eol', 'eol-server', ...phases.map(([column]) => column)].map((column) => row.get(column) ?? '');
    if (!/^[\d.]{1,10}$/.test(name) || ends.some((end) => end !== '' && !isDay(end))) {
      yield { refusal: 'unreadable', what: `line ${line.number}`, reason: 'it is no release with days' };
      continue;
    }
    const [eol = '', server = ''] = ends;
    const security = (server > eol ? server : eol) || 'OPEN';
    const extended = phases.flatMap(([column, phase]) => {
      const until = row.get(column) ?? '';
      return until > security ? [{ ...phase, until }] : [];
    });
    yield itemOf({ release: `${id}:${name}`, security, extended });
  }
  if (columns.length === 0) throw new FeedFault('it is empty');
}
