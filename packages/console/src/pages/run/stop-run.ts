import type { Context } from '../../context.ts';
import type { Run } from '../../data/describe.ts';
import { h } from '../../dom.ts';
import { openDialog } from '../../ui/dialog.ts';

const actions = [
  [
    'START_EVALUATION',
    'Evaluate what has arrived',
    'Collection ends now, and the rules judge what the agents have delivered.',
  ],
  ['SKIP_EVALUATION', 'Cancel the run', 'Nothing is evaluated, and the run ends as canceled.'],
] as const;

/** Asks how a run shall be stopped, and stops it. */
export function stopRun({ call, announce }: Context, { arn, name }: Run, stopped: () => Promise<void>): void {
  openDialog({
    title: `Stop ${name}?`,
    danger: true,
    body: h(
      'fieldset',
      { class: 'radios' },
      h('legend', { class: 'unseen' }, 'How to stop'),
      actions.map(([value, label, meaning], index) =>
        h(
          'label',
          {},
          h('input', { type: 'radio', name: 'stop-action', value, checked: index === 0 }),
          h('span', {}, h('strong', {}, label), h('small', {}, meaning)),
        ),
      ),
    ),
    confirm: 'Stop the run',
    act: async (form) => {
      const stopAction = form.get('stop-action') === 'SKIP_EVALUATION' ? 'SKIP_EVALUATION' : 'START_EVALUATION';
      await call('StopAssessmentRun', { assessmentRunArn: arn, stopAction });
      announce('The run was stopped.');
      await stopped();
    },
  });
}
