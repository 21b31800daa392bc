import type { RulesPackage } from '../../domain/rules-package.ts';
import type { KnowledgeSources } from '../../engine/judging/knowledge-source.ts';
import { listedOnly, rulesPackages } from '../../rules/index.ts';
import { CliError } from '../../runtime/cli-error.ts';

/** Packages that `--rules` takes, and that no version had yet. */
const planned = ['runtime'];

export interface AskedPackages {
  /** Names of packages that a run can be made with. */
  readonly names: readonly string[];
  /** What was asked for by name and is in no run: nothing knows it yet. */
  readonly unknown: readonly string[];
}

/** Every name that `--rules` takes, in the order of the documentation. */
export const ruleNames = (): string[] => [
  ...new Set(['cve', 'cis', 'network', 'best-practices', 'runtime', ...known().map(({ shortName }) => shortName)]),
];

const known = () => [...rulesPackages, ...listedOnly];

/** The packages of `--rules LIST`. Throws {@link CliError} for a name that there is none of. */
export function namedPackages(list: string): AskedPackages {
  const asked = [...new Set(list.split(',').map((each) => each.trim().toLowerCase()))].filter((each) => each !== '');
  if (asked.length === 0) throw new CliError(`--rules takes one or more of ${ruleNames().join(', ')}.`);
  const names: string[] = [];
  const unknown: string[] = [];
  for (const short of asked) {
    const found = known().find(({ shortName }) => shortName === short);
    if (found) names.push(found.name);
    else if (planned.includes(short)) unknown.push(short);
    else throw new CliError(`--rules does not know ${short}. It takes ${ruleNames().join(', ')}.`);
  }
  return { names, unknown };
}

/** Without `--rules`: every package that this version can evaluate and that has what it is only asked for with. */
export async function fittingPackages(sources: KnowledgeSources, scope: number): Promise<AskedPackages> {
  const names: string[] = [];
  for (const { name, knowledge } of rulesPackages) {
    if (await hasKnowledge(sources, scope, knowledge)) names.push(name);
  }
  return { names, unknown: [] };
}

async function hasKnowledge(
  sources: KnowledgeSources,
  scope: number,
  needs: RulesPackage['knowledge'],
): Promise<boolean> {
  for (const { kind, onlyWhereThere } of needs) {
    if (!onlyWhereThere) continue;
    const snapshot = await sources[kind]?.current(scope);
    snapshot?.release();
    if (!snapshot) return false;
  }
  return true;
}
