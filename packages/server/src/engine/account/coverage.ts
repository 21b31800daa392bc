import type { AccountedHost, RunAccount } from './account-of-run.ts';
import type { Outcome } from './verdict-of-rule.ts';

export interface VerdictCounts {
  readonly passed: number;
  readonly finding: number;
  readonly notApplicable: number;
  readonly notAssessed: number;
}

/** A run's account in short. The verdicts add up to hosts × rules. */
export interface Coverage {
  readonly hosts: number;
  readonly rules: number;
  readonly verdicts: VerdictCounts;
  /** Why rules were not assessed, the most frequent first. Where no host took part, each with a count of 0. */
  readonly reasons: readonly { readonly package: string; readonly reason: string; readonly count: number }[];
}

/** What one package says of one host, in numbers. */
export interface HostCoverage {
  readonly agent: string;
  readonly package: string;
  readonly verdicts: VerdictCounts;
  /** The package as a whole said nothing about the host: why. */
  readonly whole: string | undefined;
}

export interface DetailedCoverage extends Coverage {
  readonly byHost: readonly HostCoverage[];
}

const members: Readonly<Record<Outcome, keyof VerdictCounts>> = {
  PASSED: 'passed',
  FINDING: 'finding',
  NOT_APPLICABLE: 'notApplicable',
  NOT_ASSESSED: 'notAssessed',
};

type Mutable = { -readonly [Member in keyof VerdictCounts]: number };
const noVerdicts = (): Mutable => ({ passed: 0, finding: 0, notApplicable: 0, notAssessed: 0 });

/** What is counted of an account. */
export type CountedAccount = Pick<RunAccount, 'hosts' | 'rules' | 'packages'> & {
  readonly run: Pick<RunAccount['run'], 'imported'>;
  readonly entries: () => AsyncGenerator<AccountedHost>;
};

/** Counts an account, whole and by host. */
export async function coverageOf(account: CountedAccount): Promise<DetailedCoverage> {
  const verdicts = noVerdicts();
  const reasons = new Map<string, { package: string; reason: string; count: number }>();
  const byHost: HostCoverage[] = [];
  const note = (name: string, reason: string, count: number): void => {
    const key = `${name}\n${reason}`;
    const before = reasons.get(key);
    if (before) before.count += count;
    else reasons.set(key, { package: name, reason, count });
  };
  for await (const entry of account.entries()) {
    const own = coverageOfHost(entry);
    for (const name of Object.values(members)) verdicts[name] += own.verdicts[name];
    for (const each of own.reasons) note(each.package, each.reason, each.count);
    byHost.push({ agent: entry.agent, package: entry.package.name, verdicts: own.verdicts, whole: own.whole });
  }
  if (account.hosts === 0) {
    const why = account.run.imported ? 'not known: imported' : 'no host took part in the run';
    for (const { name } of account.packages) note(name, why, 0);
  }
  return {
    hosts: account.hosts,
    rules: account.rules,
    verdicts,
    reasons: [...reasons.values()].sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1)),
    byHost,
  };
}

/** Counts what one package says of one host. */
export function coverageOfHost(
  entry: AccountedHost,
): Pick<HostCoverage, 'verdicts' | 'whole'> & Pick<Coverage, 'reasons'> {
  const verdicts = noVerdicts();
  const reasons = new Map<string, number>();
  for (const { outcome, reason = '' } of entry.verdicts) {
    verdicts[members[outcome]] += 1;
    if (outcome === 'NOT_ASSESSED') reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const counted = [...reasons].map(([reason, count]) => ({ package: entry.package.name, reason, count }));
  return { verdicts, whole: wholeReason(entry), reasons: counted.sort((a, b) => b.count - a.count) };
}

/** Why a package as a whole says nothing about a host; undefined where it does. */
function wholeReason({ verdicts }: AccountedHost): string | undefined {
  const open = verdicts.filter(({ outcome }) => outcome === 'NOT_ASSESSED');
  const whole = open.find((verdict) => verdict.whole);
  if (whole) return whole.reason;
  return open.length > 0 && open.length === verdicts.length ? open[0]?.reason : undefined;
}
