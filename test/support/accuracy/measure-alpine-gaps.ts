import { feedsIn, gapsAfter, linesOf, osvFeed } from './take-for-gaps.ts';

/** Of the packages of branches that records name, every so many is deleted. */
const EVERY = 20;

/** How well the branches of Alpine, and they with the import before, tell what is missing in one. */
export interface AlpineGapAccuracy {
  readonly deleted: number;
  /** Those that the branches beside tell, and those that they and the import before tell. */
  readonly byBranches: number;
  readonly reported: number;
  /** Reports with the import before, those that are of nothing that was deleted or missing, and those of the feed as it is. */
  readonly gaps: number;
  readonly wrong: number;
  readonly real: number;
}

interface Osv {
  readonly id: string;
  readonly affected: readonly { readonly package: { readonly ecosystem: string; readonly name: string } }[];
}

export async function measureAlpineGaps(folder: string): Promise<AlpineGapAccuracy> {
  const whole = linesOf('Alpine');
  const deleted = new Set<string>();
  let count = 0;
  const left = whole.flatMap((line) => {
    const record = JSON.parse(line) as Osv;
    const affected = record.affected.filter(({ package: { ecosystem, name } }) => {
      count += 1;
      if (count % EVERY !== 0) return true;
      deleted.add(keyOf(ecosystem, record.id.replace('ALPINE-', ''), name));
      return false;
    });
    return affected.length === 0 ? [] : [JSON.stringify({ ...record, affected })];
  });
  const [alone, after] = [feedsIn(folder, 'alpine'), feedsIn(folder, 'alpine-after')];
  const keysOf = async (lines: readonly string[], directory: typeof alone): Promise<Set<string>> => {
    const gaps = await gapsAfter(directory, [osvFeed(directory, 'Alpine', lines)]);
    return new Set(gaps.map(({ ecosystem, cve, package: name }) => keyOf(ecosystem, cve, name)));
  };
  const byBranches = await keysOf(left, alone);
  const asItIs = await keysOf(whole, after);
  const reported = await keysOf(left, after);
  const real = [...reported].filter((key) => !deleted.has(key) && asItIs.has(key)).length;
  const right = deleted.intersection(reported).size;
  return {
    deleted: deleted.size,
    byBranches: deleted.intersection(byBranches).size,
    reported: right,
    gaps: reported.size,
    wrong: reported.size - right - real,
    real,
  };
}

const keyOf = (ecosystem: string, cve: string, name: string): string => `${ecosystem} ${cve} ${name}`;
