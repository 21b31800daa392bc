import type { Context } from '../../context.ts';
import { readInventory, templateLabel } from '../../data/templates.ts';
import { h } from '../../dom.ts';
import { runLink, targetsLink } from '../../route.ts';
import { openDialog } from '../../ui/dialog.ts';
import { field } from '../../ui/fields.ts';

/** Asks which template to run, `template` first, starts the run and goes to it. */
export async function startRun(context: Context, template?: string): Promise<void> {
  const { targets, templates } = await readInventory(context.call);
  if (context.signal.aborted) return;
  if (templates.length === 0) {
    openDialog({
      title: 'Start a run',
      body: h(
        'p',
        {},
        'There is no template to run. A template says which hosts are assessed, and by which rules packages.',
      ),
      confirm: 'See the targets',
      act: async () => {
        location.hash = targetsLink;
      },
    });
    return;
  }
  openDialog({
    title: 'Start a run',
    body: [
      h(
        'div',
        { class: 'field' },
        h('label', { for: 'start-template' }, 'Template'),
        h(
          'select',
          { id: 'start-template', name: 'start-template' },
          templates.map((item) =>
            h('option', { value: item.arn, selected: item.arn === template }, templateLabel(item, targets)),
          ),
        ),
      ),
      field(
        'Name',
        'start-name',
        { maxlength: '140', autocomplete: 'off' },
        'Leave empty to use the template name and time',
      ),
      h('p', { class: 'quiet' }, 'Agents on the target’s hosts read their configuration and change nothing.'),
    ],
    confirm: 'Start the run',
    act: async (form) => {
      const name = String(form.get('start-name') ?? '').trim();
      const { assessmentRunArn } = await context.call('StartAssessmentRun', {
        assessmentTemplateArn: String(form.get('start-template')),
        ...(name ? { assessmentRunName: name } : {}),
      });
      context.announce('The run was started.');
      location.hash = runLink(assessmentRunArn);
    },
  });
}
