import type { Context } from '../../context.ts';
import type { Finding, Run } from '../../data/describe.ts';
import { type FindingAttribute, findingsOf, type SeverityName, severities } from '../../data/findings.ts';
import { type Child, h, replace } from '../../dom.ts';
import { count } from '../../format.ts';
import { severityBadge } from '../../ui/badge.ts';
import { type Column, cell, table } from '../../ui/table.ts';
import { findingDetails } from './details.ts';

const PAGE_SIZE = 50;

/** A run's findings, worst first, with a choice of severities; rows open. */
export function findingsTable(context: Context, run: Run, packageNames: ReadonlyMap<string, string>): HTMLElement {
  const { call, signal, showFault } = context;
  const there = severities.filter((severity) => (run.findingCounts[severity] ?? 0) > 0);
  const list = h('div', { class: 'list' });
  const more = h('div', { class: 'pager' });
  let wanted = new Set<SeverityName>(there);
  let attributes: readonly FindingAttribute[] = [];
  let generation = 0;

  const begin = async (): Promise<void> => {
    generation += 1;
    const mine = generation;
    const total = there.reduce(
      (sum, severity) => sum + (wanted.has(severity) ? (run.findingCounts[severity] ?? 0) : 0),
      0,
    );
    const pages = findingsOf(call, run.arn, [...wanted], PAGE_SIZE, attributes);
    const rows = table('Findings, worst first', columns, []);
    const body = rows.tBodies[0];
    let shown = 0;
    const next = async (): Promise<void> => {
      const { value = [], done } = await pages.next();
      if (signal.aborted || mine !== generation) return;
      const added = value.flatMap((finding) => findingRows(finding, packageNames));
      body?.append(...added);
      shown += value.length;
      // How many have an attribute is not known before all of them are here: a page that is not full is the last.
      const filtered = attributes.length > 0;
      const rest = done || (filtered && value.length < PAGE_SIZE) ? 0 : filtered ? 1 : total - shown;
      replace(
        more,
        rest > 0
          ? h(
              'button',
              { type: 'button', onclick: () => void attempt(next) },
              filtered ? 'Show more' : `Show more (${rest.toLocaleString('en')} left)`,
            )
          : h('p', { class: 'quiet' }, count(shown, 'finding')),
      );
      context.announce(`${count(shown, 'finding')} shown`);
    };
    await next();
    if (!signal.aborted && mine === generation) replace(list, rows);
  };
  const attempt = async (act: () => Promise<void>): Promise<void> => {
    try {
      await act();
    } catch (fault) {
      if (!signal.aborted)
        replace(
          more,
          showFault(fault, () => void attempt(begin)),
        );
    }
  };
  const choose = (severity: SeverityName | undefined): void => {
    wanted = new Set(severity === undefined ? there : [severity]);
    void attempt(begin);
  };
  const narrow = (to: readonly FindingAttribute[]): void => {
    attributes = to;
    void attempt(begin);
  };
  if (there.length === 0) return h('p', { class: 'quiet' }, 'Nothing was found by the rules that were evaluated.');
  void attempt(begin);
  return h(
    'div',
    {},
    there.length > 1 && severityChoice(run, there, choose),
    hasVulnerabilities(run, packageNames) && vulnerabilityChoice(narrow),
    list,
    more,
  );
}

/** One severity, or all of them. */
function severityChoice(
  { findingCounts }: Run,
  there: readonly SeverityName[],
  choose: (severity: SeverityName | undefined) => void,
): HTMLElement {
  const radio = (label: Child, severity: SeverityName | undefined) =>
    h(
      'label',
      {},
      h('input', {
        type: 'radio',
        name: 'severity',
        checked: severity === undefined,
        onchange: () => choose(severity),
      }),
      h('span', {}, label),
    );
  return h(
    'fieldset',
    { class: 'segments' },
    h('legend', { class: 'unseen' }, 'Severity'),
    radio('All', undefined),
    there.map((severity) => radio(`${severity} ${(findingCounts[severity] ?? 0).toLocaleString('en')}`, severity)),
  );
}

const hasVulnerabilities = ({ rulesPackageArns }: Run, names: ReadonlyMap<string, string>): boolean =>
  rulesPackageArns.some((arn) => names.get(arn) === 'Common Vulnerabilities and Exposures');

const choices: readonly (readonly [string, readonly FindingAttribute[]])[] = [
  ['Any state', []],
  ['Known exploited', [{ key: 'KNOWN_EXPLOITED', value: 'true' }]],
  ['With a fix', [{ key: 'STATE', value: 'FIX_AVAILABLE' }]],
  ['Waiting for a restart', [{ key: 'STATE', value: 'REBOOT_NEEDED' }]],
  ['Without a fix', [{ key: 'STATE', value: 'NO_FIX' }]],
];

/** Vulnerabilities by how they stand. */
const vulnerabilityChoice = (choose: (attributes: readonly FindingAttribute[]) => void): HTMLElement =>
  h(
    'fieldset',
    { class: 'segments' },
    h('legend', { class: 'unseen' }, 'Vulnerabilities'),
    choices.map(([label, attributes], index) =>
      h(
        'label',
        {},
        h('input', { type: 'radio', name: 'state', checked: index === 0, onchange: () => choose(attributes) }),
        h('span', {}, label),
      ),
    ),
  );

const columns: readonly Column<Finding>[] = [
  { title: 'Severity', class: 'narrow', cell: ({ severity }) => severity && severityBadge(severity) },
  { title: 'Rule', class: 'rule', cell: ({ id }) => id ?? '–' },
  {
    title: 'Host',
    class: 'host',
    cell: ({ assetAttributes }) => assetAttributes?.hostname ?? assetAttributes?.agentId ?? '–',
  },
  { title: 'Finding', class: 'wide', names: true, cell: ({ title }) => title ?? '' },
];

let opened = 0;

/** A row, and the row under it that opens. */
function findingRows(finding: Finding, packageNames: ReadonlyMap<string, string>): HTMLTableRowElement[] {
  opened += 1;
  const id = `finding-${opened}`;
  const under = h('tr', { role: 'row', id, class: 'under-row', hidden: true });
  const button = h(
    'button',
    {
      type: 'button',
      class: 'opener',
      'aria-expanded': 'false',
      'aria-controls': id,
      onclick: () => {
        const open = under.hidden;
        if (open && !under.firstChild) {
          under.append(h('td', { role: 'cell', colspan: columns.length }, findingDetails(finding, packageNames)));
        }
        under.hidden = !open;
        button.setAttribute('aria-expanded', String(open));
      },
    },
    finding.title ?? finding.id ?? 'Finding',
  );
  const cells = columns.map((column) => cell(column.names ? { ...column, cell: () => button } : column, finding));
  return [h('tr', { role: 'row', class: 'opens' }, cells), under];
}
