import type { Gap } from '../../domain/advisories.ts';

/** What a branch of a distribution says of each package: the fix of each CVE. */
export interface Branch {
  /** `Alpine:v3.20` */
  readonly ecosystem: string;
  readonly packages: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/**
 * CVEs that both the branch before and the branch after have a fix of in a package, and the one between has none of,
 * though it has the package: fixes are carried from each branch to the next. `branches` in their order.
 */
export function branchGaps(branches: readonly Branch[]): Gap[] {
  return branches.flatMap((branch, index) => {
    const [before, after] = [branches[index - 1], branches[index + 1]];
    if (!before || !after) return [];
    return [...branch.packages].flatMap(([name, own]) => {
      const [earlier, later] = [before.packages.get(name), after.packages.get(name)];
      return [...(earlier ?? [])].flatMap(([cve, fixed]): Gap[] => {
        const siblingFixed = later?.get(cve);
        if (own.has(cve) || siblingFixed === undefined) return [];
        const why = `${branch.ecosystem} has no record of ${cve} for ${name}, which the branches before and after it have: ${before.ecosystem} fixed it in ${fixed}, ${after.ecosystem} in ${siblingFixed}`;
        return [
          {
            ...{ ecosystem: branch.ecosystem, cve, package: name, names: [], why, shipped: true },
            sibling: after.ecosystem,
            siblingFixed,
          },
        ];
      });
    });
  });
}
