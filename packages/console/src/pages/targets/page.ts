import type { Context } from '../../context.ts';
import type { Target, Template } from '../../data/describe.ts';
import { type Inventory, readInventory } from '../../data/templates.ts';
import { type Child, h, replace } from '../../dom.ts';
import { formatDuration } from '../../format.ts';
import { runLink, runsLink } from '../../route.ts';
import { empty } from '../../ui/notice.ts';
import { table } from '../../ui/table.ts';
import { filterFields } from '../runs/filter.ts';
import { startRun } from '../runs/start-run.ts';
import { hostsPreview } from './hosts-preview.ts';

type Tags = ReadonlyMap<string, string>;

/** What is assessed (targets) and how (their templates). */
export function targetsPage(context: Context): HTMLElement {
  const { call, signal, showFault } = context;
  const problem = h('div', {});
  const list = h('div', {}, h('p', { class: 'quiet' }, 'Loading…'));
  const show = async (): Promise<void> => {
    try {
      const inventory = await readInventory(call);
      const [packages, tags] = await Promise.all([context.rulesPackages.all(), readTags(context, inventory.targets)]);
      if (signal.aborted) return;
      replace(
        list,
        inventory.targets.length === 0 && nothing(),
        inventory.targets.map((target) => card(target, inventory, packages, tags)),
        !inventory.complete && h('p', { class: 'quiet' }, 'There are more targets or templates than are shown.'),
      );
    } catch (fault) {
      if (!signal.aborted)
        replace(
          list,
          showFault(fault, () => void show()),
        );
    }
  };
  const start = async ({ arn }: Template): Promise<void> => {
    try {
      await startRun(context, arn);
    } catch (fault) {
      replace(problem, showFault(fault));
    }
  };
  const card = (target: Target, { templates }: Inventory, packages: ReadonlyMap<string, string>, tags: Tags): Child => {
    const own = templates.filter(({ assessmentTargetArn }) => assessmentTargetArn === target.arn);
    return h(
      'section',
      { class: 'card' },
      h('h2', {}, target.name),
      h(
        'p',
        { class: 'quiet' },
        target.resourceGroupArn === undefined
          ? 'Every host'
          : `Hosts tagged ${tags.get(target.resourceGroupArn) ?? target.resourceGroupArn}`,
      ),
      own.length > 0
        ? templatesTable(own, packages, (template) => void start(template))
        : h('p', { class: 'quiet' }, 'It has no template.'),
      hostsPreview(context, target.arn),
      h('p', { class: 'id quiet foot' }, target.arn),
    );
  };
  void show();
  return h('section', {}, h('div', { class: 'title' }, h('h1', {}, 'Targets')), problem, list);
}

const templatesTable = (
  templates: readonly Template[],
  packages: ReadonlyMap<string, string>,
  start: (template: Template) => void,
): HTMLElement =>
  table<Template>(
    'Templates of this target',
    [
      { title: 'Template', names: true, cell: ({ name }) => name },
      {
        title: 'Rules packages',
        class: 'wide',
        cell: ({ rulesPackageArns }) =>
          h(
            'ul',
            { class: 'plain' },
            rulesPackageArns.map((arn) => h('li', {}, packages.get(arn) ?? arn)),
          ),
      },
      { title: 'Maximum duration', cell: ({ durationInSeconds }) => formatDuration(durationInSeconds) },
      {
        title: 'Runs',
        cell: ({ arn, assessmentRunCount, lastAssessmentRunArn }) => [
          h(
            'a',
            { href: runsLink(new URLSearchParams({ [filterFields.templates]: arn })) },
            String(assessmentRunCount),
          ),
          lastAssessmentRunArn !== undefined && [' · ', h('a', { href: runLink(lastAssessmentRunArn) }, 'last run')],
        ],
      },
      {
        title: 'Start',
        cell: (template) =>
          h(
            'button',
            { type: 'button', 'aria-label': `Start a run of ${template.name}`, onclick: () => start(template) },
            'Start a run',
          ),
      },
    ],
    templates,
  );

/** The tags of the targets' resource groups in words, by ARN. A host needs any one of them. */
async function readTags({ call }: Context, targets: readonly Target[]): Promise<Tags> {
  const arns = [...new Set(targets.flatMap(({ resourceGroupArn }) => resourceGroupArn ?? []))];
  const tags = new Map<string, string>();
  for (let from = 0; from < arns.length; from += 10) {
    const { resourceGroups } = await call('DescribeResourceGroups', { resourceGroupArns: arns.slice(from, from + 10) });
    for (const group of resourceGroups) {
      tags.set(group.arn, group.tags.map(({ key, value }) => (value ? `${key}=${value}` : key)).join(' or '));
    }
  }
  return tags;
}

const nothing = (): Child =>
  empty(
    'No target yet',
    h('p', {}, 'A target names the hosts to assess. Make one, and a template for it, with any Inspector client:'),
    h('pre', {}, 'aws inspector create-assessment-target --assessment-target-name every-host'),
  );
