import type { KeptVerdict } from '../../domain/kept-verdict.ts';
import type { AccountedHost } from './account-of-run.ts';
import type { CountedAccount } from './coverage.ts';
import { type AccountedPackage, addRules, countOfRules, rulesOfRun, verdictsOnHost } from './rules-of-run.ts';

/** What one package says of the host: every verdict. */
export interface HostVerdicts {
  readonly package: AccountedPackage;
  readonly verdicts: readonly KeptVerdict[];
}

/** The account of a run over one host that was evaluated just now: that of its run, were it kept. */
export function accountOfHost(agent: string, judged: readonly HostVerdicts[]): CountedAccount {
  const entries = judged.map(({ package: rulesPackage, verdicts }): AccountedHost & { readonly rules: number } => {
    const of = rulesOfRun(rulesPackage);
    addRules(of, verdicts);
    return { agent, package: rulesPackage, verdicts: verdictsOnHost(of, verdicts), rules: countOfRules(of) };
  });
  return {
    run: { imported: false },
    hosts: 1,
    rules: entries.reduce((sum, { rules }) => sum + rules, 0),
    packages: judged.map((each) => each.package),
    entries: async function* () {
      yield* entries;
    },
  };
}
