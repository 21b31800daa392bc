import { bounded, dayOf, type Exclusion, ofPackage, type PackageReference } from './exclusions.ts';
import { agedText, dateOf } from './feed-reference.ts';
import { type KnowledgeKind, knowledgeWords } from './knowledge.ts';
import type { FeedReference } from './run-knowledge.ts';

/** One for a whole run: without this knowledge the package says nothing about any host. */
export const noKnowledge = (rulesPackage: PackageReference, kind: KnowledgeKind): Exclusion => {
  const { absent, obtain } = knowledgeWords[kind];
  return {
    subject: `no-knowledge/${kind}/${rulesPackage.arn}`,
    document: {
      title: 'Rules evaluation error',
      description: `${rulesPackage.name} was not evaluated for any host: ${absent}. To get them: ${obtain}.`,
      recommendation: `Run ${obtain}. Then start a new run, or re-evaluate the evidence of this one: assay reassess RUN.`,
      scopes: [ofPackage(rulesPackage)],
      attributes: [],
    },
  };
};

/** The knowledge was there, but it is out of date. */
export const oldKnowledge = (
  rulesPackage: PackageReference,
  kind: KnowledgeKind,
  sources: readonly FeedReference[],
  at: number,
): Exclusion => {
  const { agedTitle, aged, missed, obtain } = knowledgeWords[kind];
  return {
    subject: `old-knowledge/${kind}/${rulesPackage.arn}`,
    document: {
      title: agedTitle,
      description: bounded(
        `${rulesPackage.name} was evaluated with ${aged}: ${sources
          .map((source) => agedText(source, at))
          .join(', ')}. ${missed}`,
      ),
      recommendation: `Run ${obtain}. Then re-evaluate the evidence of this run: assay reassess RUN.`,
      scopes: [ofPackage(rulesPackage)],
      attributes: sources
        .slice(0, 50)
        .map((source) => ({ key: 'FEED', value: `${source.name} ${dayOf(dateOf(source))}`.slice(0, 256) })),
    },
  };
};

/** The knowledge was there, but other servers of the store have newer. */
export const knowledgeBehind = (rulesPackage: PackageReference, kind: KnowledgeKind, reason: string): Exclusion => {
  const { plural } = knowledgeWords[kind];
  return {
    subject: `knowledge-behind/${kind}/${rulesPackage.arn}`,
    document: {
      title: 'Rules evaluation error',
      description: bounded(
        `${rulesPackage.name} was evaluated with older ${plural} than the other servers have: the server that evaluated the run could not take theirs (${reason}). The report names the ${plural} that were used.`,
      ),
      recommendation: 'See the log of that server. Then re-evaluate the evidence of this run: assay reassess RUN.',
      scopes: [ofPackage(rulesPackage)],
      attributes: [],
    },
  };
};
