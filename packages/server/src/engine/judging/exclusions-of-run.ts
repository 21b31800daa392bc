import { type Exclusion, packageNotAvailable } from '../../domain/exclusions.ts';
import { knowledgeBehind, oldKnowledge } from '../../domain/knowledge-exclusions.ts';
import type { RunKnowledge } from '../../domain/run-knowledge.ts';
import type { CatalogEntry } from './rules-package-catalog.ts';

/** A package of a run; one that the catalog does not know can come with imported templates. */
export type AskedPackage = CatalogEntry | { readonly arn: string; readonly name: string };

/** What nobody is assessed with, because this version has no implementation of it. */
export const unavailablePackages = (asked: readonly AskedPackage[]): Exclusion[] =>
  asked.filter((entry) => !('implementation' in entry)).map(packageNotAvailable);

/** Everything was assessed, by what was known at their date. */
export function agedKnowledge(asked: readonly AskedPackage[], under: RunKnowledge): Exclusion[] {
  const { at } = under;
  if (at === null) return [];
  return asked.flatMap((entry) => {
    const needs = 'implementation' in entry ? (entry.implementation?.knowledge ?? []) : [];
    return needs.flatMap(({ kind, maximumAge = Number.POSITIVE_INFINITY, maximumContentAge = maximumAge }) => {
      const old = (under[kind]?.feeds ?? []).filter(
        ({ updatedAt, newestAt = at }) => at - updatedAt > maximumAge || at - newestAt > maximumContentAge,
      );
      const { behind } = under[kind] ?? {};
      return [
        ...(old.length === 0 ? [] : [oldKnowledge(entry, kind, old, at)]),
        ...(behind === undefined ? [] : [knowledgeBehind(entry, kind, behind)]),
      ];
    });
  });
}
