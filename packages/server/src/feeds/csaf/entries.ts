import type { AffectedPackage, Disposition } from '../../domain/advisories.ts';
import { FeedFault } from '../feed-fault.ts';
import { listOf, member, objectOf } from '../hostile-value.ts';
import type { EcosystemEntry } from '../imported-record.ts';
import type { PlacedComponent, ProductTree } from './product-tree.ts';

const MAX_IDS = 500_000;
const MAX_ENTRIES = 20_000;
const MAX_FAULTS = 5;
const MAX_LIST = 100_000;

type Members = Readonly<Record<string, unknown>>;

interface About {
  readonly record: string;
  readonly tree: ProductTree;
  /** The CVE's own: a package's is noted where it differs. */
  readonly rating: string | undefined;
}

/** What is said of one package in one stream. */
interface Statement {
  readonly placed: PlacedComponent;
  /** Builds that have the fix, with their announcements. */
  readonly fixes: Map<string, string | undefined>;
  readonly ids: string[];
  affected?: boolean;
  unaffected?: boolean;
  investigated?: boolean;
}

/**
 * The entries of a document's vulnerability: `product_status` with what `remediations`, `flags` and `threats` say of the
 * same products. One for each package, stream and module, and for each of several builds with a fix. `faults`: what could
 * not be read of it.
 */
export function entriesOf(
  vulnerability: Members,
  about: About,
): { readonly entries: EcosystemEntry[]; readonly faults: readonly string[] } {
  const faults: string[] = [];
  const status = objectOf(member(vulnerability, 'product_status') ?? {}, 'product_status');
  const said = remarksOf(vulnerability);
  const statements = new Map<string, Statement>();
  const placedIn = (list: string): { readonly id: string; readonly placed: PlacedComponent }[] =>
    idsIn(status, list).flatMap((id) => {
      try {
        const placed = about.tree.place(id);
        return placed ? [{ id, placed }] : [];
      } catch (error) {
        if (!(error instanceof FeedFault)) throw error;
        if (faults.length < MAX_FAULTS && !faults.includes(error.message)) faults.push(error.message);
        return [];
      }
    });
  const statementOn = (placed: PlacedComponent, name: string, id: string): Statement => {
    const key = `${placed.stream} ${name} ${placed.component.module ?? ''}`;
    const known: Statement = statements.get(key) ?? { placed, fixes: new Map(), ids: [] };
    if (statements.size >= MAX_ENTRIES) throw new FeedFault(`it says something of more than ${MAX_ENTRIES} packages`);
    statements.set(key, known);
    known.ids.push(id);
    return known;
  };

  const fixed = placedIn('fixed').filter(({ placed }) => placed.component.version !== undefined);
  // The builds of one source under one announcement are told by the source.
  const announced = ({ id, placed }: (typeof fixed)[number]): string => `${placed.stream} ${said.fixes.get(id) ?? ''}`;
  const sources = new Set(fixed.filter(({ placed }) => isSource(placed)).map(announced));
  for (const each of fixed) {
    if (!isSource(each.placed) && sources.has(announced(each))) continue;
    const { id, placed } = each;
    const { version = '' } = placed.component;
    statementOn(placed, nameOf(placed), id).fixes.set(version, said.fixes.get(id));
  }
  for (const list of ['known_affected', 'known_not_affected', 'under_investigation'] as const) {
    for (const { id, placed } of placedIn(list)) {
      const statement = statementOn(placed, nameOf(placed), id);
      if (list === 'known_affected') statement.affected = true;
      else if (list === 'known_not_affected') statement.unaffected = true;
      else statement.investigated = true;
    }
  }
  const entries = [...statements].flatMap(([, statement]) => entriesFor(statement, said, about));
  return { entries, faults };
}

const isSource = ({ component }: PlacedComponent): boolean => component.architecture === 'src';

/** A component without an architecture has no build: it is named by its source. */
const nameOf = ({ component: { name, architecture = 'src' } }: PlacedComponent): string =>
  architecture === 'src' ? `${name}.src` : name;

/** Of contradictory statements the one that asks most for a look is taken; a fix stands beside any of them. */
function entriesFor({ placed, fixes, ids, ...told }: Statement, said: Remarks, about: About): EcosystemEntry[] {
  const { component, stream } = placed;
  const impacts = new Set(ids.flatMap((id) => said.impacts.get(id) ?? []));
  const urgency = [...impacts].sort(byUrgency)[0];
  const affected: Omit<AffectedPackage, 'ranges'> = {
    record: about.record,
    package: nameOf(placed),
    ...(component.module !== undefined && { module: component.module }),
    ...(urgency !== undefined && urgency !== about.rating && { urgency }),
  };
  const of = (more: Pick<AffectedPackage, 'ranges'> & Partial<AffectedPackage>): EcosystemEntry => ({
    ecosystem: `Red Hat:${stream}`,
    affected: { ...affected, ...more },
  });
  const every = [[{ introduced: '0' }]];
  const found = [...fixes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([version, announcement]) =>
      of({
        ranges: [[{ introduced: '0' }, { fixed: version }]],
        ...(announcement !== undefined && { remark: announcement }),
      }),
    );
  if (told.affected) {
    const plan = ids.flatMap((id) => said.plans.get(id) ?? [])[0];
    const disposition = plan === undefined ? undefined : dispositionOf(plan);
    found.push(of({ ranges: every, remark: plan ?? 'no fix yet', ...(disposition !== undefined && { disposition }) }));
  } else if (told.investigated) {
    found.push(of({ ranges: every, disposition: 'UNDER_INVESTIGATION' }));
  } else if (told.unaffected && found.length === 0) {
    const reason = ids.flatMap((id) => said.reasons.get(id) ?? [])[0];
    found.push(of({ ranges: [], disposition: 'NOT_AFFECTED', ...(reason !== undefined && { remark: reason }) }));
  }
  return found;
}

const dispositionOf = (plan: string): Disposition | undefined =>
  plan === 'will not fix'
    ? 'WILL_NOT_FIX'
    : plan === 'fix deferred'
      ? 'DEFERRED'
      : plan === 'out of support scope'
        ? 'END_OF_LIFE'
        : undefined;

const URGENCIES = ['critical', 'important', 'moderate', 'low'];
const byUrgency = (a: string, b: string): number => URGENCIES.indexOf(a) - URGENCIES.indexOf(b);

/** What is said of products beside their status, by product id. */
interface Remarks {
  /** `RHSA-2024:2289`. */
  readonly fixes: ReadonlyMap<string, string>;
  /** `will not fix`, `out of support scope` … */
  readonly plans: ReadonlyMap<string, string>;
  /** `vulnerable code not present`. */
  readonly reasons: ReadonlyMap<string, string>;
  /** `moderate`. */
  readonly impacts: ReadonlyMap<string, string>;
}

/** Red Hat's words for what it means to do (`remediations[].details`), and CSAF's categories where there are others. */
const PLANS: ReadonlyMap<string, string> = new Map([
  ['will not fix', 'will not fix'],
  ['fix deferred', 'fix deferred'],
  ['out of support scope', 'out of support scope'],
  ['affected', 'no fix yet'],
  ['no_fix_planned', 'no fix planned'],
  ['none_available', 'no fix yet'],
]);

function remarksOf(vulnerability: Members): Remarks {
  const [fixes, plans, reasons, impacts] = Array.from({ length: 4 }, () => new Map<string, string>());
  const put = (map: Map<string, string> | undefined, of: Members, what: string): void => {
    for (const id of idsIn(of, 'product_ids')) if (map && !map.has(id)) map.set(id, what);
  };
  const all = (name: string): Members[] =>
    listOf(member(vulnerability, name), name, MAX_LIST).map((each) => objectOf(each, `one of ${name}`));
  for (const remediation of all('remediations')) {
    const [category, details, url] = ['category', 'details', 'url'].map((name) => String(member(remediation, name)));
    const announcement = /\/(RH[SBE]A-\d{4}:\d{4,6})$/.exec(url ?? '')?.[1];
    if (category === 'vendor_fix' && announcement !== undefined) put(fixes, remediation, announcement);
    const plan = PLANS.get(details?.trim().toLowerCase() ?? '') ?? PLANS.get(category ?? '');
    if (category !== 'vendor_fix' && plan !== undefined) put(plans, remediation, plan);
  }
  for (const flag of all('flags')) {
    const label = member(flag, 'label');
    if (typeof label === 'string' && /^[a-z_]{1,60}$/.test(label)) put(reasons, flag, label.replaceAll('_', ' '));
  }
  for (const threat of all('threats')) {
    const details = member(threat, 'details');
    const word = typeof details === 'string' ? details.toLowerCase() : '';
    if (member(threat, 'category') === 'impact' && URGENCIES.includes(word)) put(impacts, threat, word);
  }
  const none: ReadonlyMap<string, string> = new Map();
  return { fixes: fixes ?? none, plans: plans ?? none, reasons: reasons ?? none, impacts: impacts ?? none };
}

/** The product ids of a list of an object. Throws {@link FeedFault}. */
export const idsIn = (of: Members, name: string): readonly string[] =>
  listOf(member(of, name), name, MAX_IDS).filter((id): id is string => typeof id === 'string');
