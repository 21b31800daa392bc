import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Advisories } from '../../../packages/server/src/domain/advisories.ts';
import { commonVulnerabilitiesAndExposures as rules } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/index.ts';
import { sharedData } from '../shared-data.ts';
import { advisoriesOf } from './advisories-of.ts';
import { dataHost } from './data-host.ts';
import { type Explanation, type Oracle, oracles } from './oracles.ts';

/** How Assay's pairs of a CVE and a package compare with a tool's. */
export interface Accuracy {
  readonly oracle: Oracle;
  readonly ours: number;
  readonly theirs: number;
  readonly both: number;
  /** Of Assay's pairs, the share that the tool has; of the tool's, the share that Assay has. */
  readonly precision: number;
  readonly recall: number;
  /** The recall of what no explanation takes out. */
  readonly settledRecall: number;
  /** What differs and stands in the explanations, with the number of its pairs. */
  readonly explained: readonly { readonly explanation: Explanation; readonly pairs: number }[];
  readonly explainedPairs: number;
  /** What does not: `+CVE package` of Assay alone, `-CVE package` of the tool alone. */
  readonly unexplained: readonly string[];
  /** What Assay says that it did not assess. */
  readonly notAssessed: readonly string[];
}

/** 2026-08-21: within the support of Debian 12, past that of Alpine 3.10. */
export const at = Date.UTC(2026, 7, 21);

/** Measures every host that there is a tool's answer of. */
export async function measureAccuracy(): Promise<Accuracy[]> {
  const measured: Accuracy[] = [];
  let loaded: { readonly key: string; readonly advisories: Advisories } | undefined;
  for (const oracle of oracles) {
    const key = `${oracle.data} ${oracle.ecosystem}`;
    if (loaded?.key !== key) loaded = { key, advisories: await advisoriesOf(oracle.data, oracle.ecosystem) };
    const theirs = readFileSync(join(sharedData, 'oracle', oracle.file), 'utf8')
      .trim()
      .split('\n');
    measured.push(compare(oracle, dataHost(oracle.host), loaded.advisories, theirs));
  }
  return measured;
}

/** Compares what is found on a host with a tool's lines, each a CVE and a package. */
export function compare(
  oracle: Oracle,
  evidence: HostEvidence,
  advisories: Advisories,
  lines: readonly string[],
): Accuracy {
  const verdicts = rules.evaluate(evidence, { advisories, at });
  const ours = new Set(
    verdicts.flatMap((verdict) =>
      verdict.outcome === 'FINDING'
        ? (verdict.finding.packages ?? []).map(
            ({ name, sourceName }) => `${verdict.ruleId} ${oracle.names === 'BINARY' ? name : sourceName}`,
          )
        : [],
    ),
  );
  const theirs = new Set(lines);
  const both = [...ours].filter((pair) => theirs.has(pair)).length;
  const differences = [
    ...[...ours].filter((pair) => !theirs.has(pair)).map((pair) => ({ side: 'OURS' as const, pair })),
    ...[...theirs].filter((pair) => !ours.has(pair)).map((pair) => ({ side: 'THEIRS' as const, pair })),
  ];
  const explained = new Map<Explanation, number>(oracle.explanations.map((each) => [each, 0]));
  const unexplained: string[] = [];
  for (const { side, pair } of differences) {
    const [cve = '', name = ''] = pair.split(' ');
    const why = oracle.explanations.find(
      (each) => each.side === side && each.packages.includes(name) && (each.cves?.includes(cve) ?? true),
    );
    if (why) explained.set(why, (explained.get(why) ?? 0) + 1);
    else unexplained.push(`${side === 'OURS' ? '+' : '-'}${pair}`);
  }
  return {
    oracle,
    ours: ours.size,
    theirs: theirs.size,
    both,
    precision: share(both, ours.size),
    recall: share(both, theirs.size),
    settledRecall: share(both, both + unexplained.filter((line) => line.startsWith('-')).length),
    explained: [...explained].map(([explanation, pairs]) => ({ explanation, pairs })),
    explainedPairs: differences.length - unexplained.length,
    unexplained: unexplained.sort(),
    notAssessed: verdicts.flatMap(({ ruleId, outcome }) => (outcome === 'NOT_ASSESSED' ? [ruleId] : [])),
  };
}

const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);
