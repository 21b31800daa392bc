import { AssessmentRunState } from '@assay/model/api/values.ts';
import type { Run } from '../../data/describe.ts';
import { h } from '../../dom.ts';
import { formatDuration, sentence } from '../../format.ts';
import { hasEnded } from '../../ui/badge.ts';
import { time } from '../../ui/time.ts';

type State = Run['state'];
/** The way of a run that nothing stops. */
const way: readonly State[] = [...AssessmentRunState.values.filter((state) => !hasEnded(state)), 'COMPLETED'];

/** The states a run has been in, each with its time, and those that are to come. */
export function timeline(run: Run): HTMLElement {
  const past = run.stateChanges.map(({ state, stateChangedAt }, index) => {
    const next = run.stateChanges[index + 1];
    const current = next === undefined && !hasEnded(state);
    return h(
      'li',
      { class: current ? 'current' : 'past', 'aria-current': current ? 'step' : undefined },
      h('strong', {}, sentence(state)),
      h(
        'span',
        {},
        time(stateChangedAt),
        next && h('span', { class: 'quiet' }, lasted(next.stateChangedAt - stateChangedAt)),
      ),
    );
  });
  const to = hasEnded(run.state) ? [] : way.slice(way.indexOf(run.state) + 1);
  return h(
    'ol',
    { class: 'timeline' },
    past,
    to.map((state) => h('li', { class: 'coming' }, h('strong', {}, sentence(state)))),
  );
}

/** Steps that took no time to speak of say nothing. */
const lasted = (seconds: number): string => (seconds >= 0.5 ? ` · ${formatDuration(seconds)}` : '');
