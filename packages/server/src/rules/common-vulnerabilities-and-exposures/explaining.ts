import type { Explaining } from '../../domain/rules-package.ts';
import { stateWords } from '../../domain/vulnerability-words.ts';
import { type Answer, type CveExplanation, explain, type PackageExplanation } from './explain.ts';

/** `assay why HOST CVE`: the explanation of a CVE, in sections for people and whole for programs. */
export const explaining: Explaining = {
  by: 'packages',
  subjectOf: (text) => {
    const cve = text.toUpperCase();
    return /^CVE-[0-9]{4}-[0-9]{4,19}$/.test(cve) ? cve : undefined;
  },
  explain: (cve, evidence, knowledge) => {
    const explanation = explain(evidence, knowledge, cve);
    const { outcome, reason, packages, streams } = explanation;
    return {
      outcome,
      reason: `${sentence(reason)}${factsOf(explanation)}${streams === undefined ? '' : ` ${streams}`}`,
      sections: packages.map((each) => ({ heading: headline(each), lines: details(each) })),
      data: { ...explanation },
    };
  },
};

const answers: Readonly<Record<Answer, string>> = {
  AFFECTED: 'affected',
  NOT_AFFECTED: 'not affected',
  NOT_ASSESSED: 'not assessed',
};

function headline({ name, installedVersion, sourceName, outcome, state, fixedVersion }: PackageExplanation): string {
  const source = sourceName === name ? '' : ` (source ${sourceName})`;
  const fix = fixedVersion === null || state === 'FIX_AVAILABLE' ? '' : `, fixed in ${fixedVersion}`;
  const standing =
    state === undefined
      ? ''
      : state === 'FIX_AVAILABLE'
        ? `, fixed in ${fixedVersion}`
        : `, ${stateWords[state]}${fix}`;
  return `${name} ${installedVersion}${source}: ${answers[outcome]}${standing}`;
}

const details = ({ reason, decisions, dissent = [], announcements }: PackageExplanation): string[] => [
  ...(reason === undefined ? [] : [sentence(reason)]),
  ...decisions.flatMap(({ record, ecosystem, comparison, link }) => [
    `${record} for ${ecosystem}: ${comparison}`,
    ...(link === undefined ? [] : [link]),
  ]),
  ...dissent.map((each) => `Contradicted by ${each}`),
  ...(announcements.length === 0
    ? []
    : [
        `Announced in ${announcements.map(({ record, link }) => (link === undefined ? record : `${record} ${link}`)).join(', ')}`,
      ]),
];

function factsOf({ facts }: CveExplanation): string {
  const exploited =
    facts?.knownExploited === undefined ? '' : ` Known to be exploited (CISA KEV, ${facts.knownExploited}).`;
  const epss = facts?.epss ? ` EPSS ${(facts.epss.score * 100).toFixed(1)} %.` : '';
  return exploited + epss;
}

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
