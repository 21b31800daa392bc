import type { Run } from '../data/describe.ts';
import { type SeverityName, severities } from '../data/findings.ts';
import { h } from '../dom.ts';
import { sentence } from '../format.ts';

type State = Run['state'];

const tones: Readonly<Partial<Record<State, string>>> = {
  COMPLETED: 'good',
  COMPLETED_WITH_ERRORS: 'warn',
  FAILED: 'bad',
  ERROR: 'bad',
  CANCELED: 'still',
};

export const hasEnded = (state: State): boolean => tones[state] !== undefined;

/** A run's state in words; its colour says no more than the words do. */
export const stateBadge = (state: State): HTMLElement =>
  h('span', { class: `badge ${tones[state] ?? 'live'}` }, sentence(state));

export const severityBadge = (severity: SeverityName): HTMLElement =>
  h('span', { class: `severity ${severity.toLowerCase()}` }, severity);

const words = { High: 'high', Medium: 'medium', Low: 'low', Informational: 'informational', Undefined: 'undefined' };

/** How many findings of each severity, worst first; "None" is said, never left blank, where the run looked. */
export function findingCounts(run: Pick<Run, 'findingCounts' | 'state'>): HTMLElement {
  const counts = severities.flatMap((severity) => {
    const number = run.findingCounts[severity] ?? 0;
    return number > 0 ? [{ severity, number }] : [];
  });
  if (counts.length === 0) {
    // Only a run that completed has looked: of any other, none found is not known.
    const looked = run.state === 'COMPLETED' || run.state === 'COMPLETED_WITH_ERRORS';
    return h('span', { class: 'quiet' }, looked ? 'None' : hasEnded(run.state) ? '–' : 'Not yet');
  }
  return h(
    'span',
    { class: 'counts' },
    counts.map(({ severity, number }) =>
      h(
        'span',
        { class: `count ${severity.toLowerCase()}`, title: `${number} ${words[severity]}` },
        h('b', {}, number.toLocaleString('en')),
        ` ${severity === 'Informational' ? 'Info' : severity}`,
      ),
    ),
  );
}

const healthTones: Readonly<Record<string, string>> = { HEALTHY: 'good', UNHEALTHY: 'bad' };

export const healthBadge = (health: string): HTMLElement =>
  h('span', { class: `badge ${healthTones[health] ?? 'still'}` }, sentence(health));
