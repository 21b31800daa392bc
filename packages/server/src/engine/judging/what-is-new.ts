import type { Tables } from '../../store/store.ts';

/** A finding that another run did not have: a rule on a host. */
export interface NewFinding {
  readonly agent: string;
  readonly rule: string;
}

/** The findings of a run that the other one has not, by host and rule, in order. */
export async function newFindings(
  tables: Pick<Tables, 'findings'>,
  scope: number,
  run: string,
  before: string,
): Promise<NewFinding[]> {
  const had = new Set((await tables.findings.keysOfRun(scope, before)).map(keyOf));
  return (await tables.findings.keysOfRun(scope, run)).filter((finding) => !had.has(keyOf(finding)));
}

/** `2 CVEs are new on 3 hosts: CVE-2024-3094, CVE-2024-6387`; at most so many are named. */
export function describeNew(found: readonly NewFinding[], named = 10): string {
  if (found.length === 0) return 'nothing is new';
  const rules = [...new Set(found.map(({ rule }) => rule))].sort();
  const hosts = new Set(found.map(({ agent }) => agent)).size;
  const more = rules.length > named ? ` and ${rules.length - named} more` : '';
  const [what, verb] = rules.length === 1 ? ['one finding', 'is'] : [`${rules.length} findings`, 'are'];
  return `${what} ${verb} new on ${hosts === 1 ? 'one host' : `${hosts} hosts`}: ${rules.slice(0, named).join(', ')}${more}`;
}

const keyOf = ({ agent, rule }: NewFinding): string => `${agent}\n${rule}`;
