import { exploitationOf } from '@assay/model/exploitation.ts';
import type { Context } from '../../context.ts';
import type { Finding, Run } from '../../data/describe.ts';
import { type FindingAttribute, type SeverityName, severities } from '../../data/findings.ts';
import { type FindingSort, findingSorts, SORTED_AT_MOST, sortedFindings } from '../../data/sorted-findings.ts';
import { type Child, h, replace } from '../../dom.ts';
import { count } from '../../format.ts';
import { severityBadge } from '../../ui/badge.ts';
import { type Column, cell, table } from '../../ui/table.ts';
import { findingDetails } from './details.ts';

const PAGE_SIZE = 50;

/** How the table is sorted at first, and who is told when the reader chooses otherwise. */
interface Sorting {
  readonly sort: FindingSort;
  readonly onSort: (sort: FindingSort) => void;
}

/** A run's findings, worst first unless chosen otherwise, with a choice of severities; rows open. */
export function findingsTable(
  context: Context,
  run: Run,
  packageNames: ReadonlyMap<string, string>,
  { standing, ...sorting }: Sorting & { readonly standing: string | undefined },
): HTMLElement {
  const { call, signal, showFault } = context;
  const there = severities.filter((severity) => (run.findingCounts[severity] ?? 0) > 0);
  const list = h('div', { class: 'list' });
  const more = h('div', { class: 'pager' });
  let wanted = new Set<SeverityName>(there);
  let attributes: readonly FindingAttribute[] = [];
  let sort = sorting.sort;
  let generation = 0;

  const begin = async (): Promise<void> => {
    generation += 1;
    const mine = generation;
    const total = there.reduce(
      (sum, severity) => sum + (wanted.has(severity) ? (run.findingCounts[severity] ?? 0) : 0),
      0,
    );
    const pages = sortedFindings(call, { run: run.arn, wanted: [...wanted], attributes }, sort, PAGE_SIZE);
    const rows = table(`Findings, ${findingSorts[sort].toLowerCase()}`, columns, []);
    const body = rows.tBodies[0];
    let shown = 0;
    // All of them are read before the first is shown, which takes a while.
    if (sort === 'epss') replace(more, h('p', { class: 'quiet' }, 'Sorting…'));
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
        sort === 'epss' &&
          total > SORTED_AT_MOST &&
          h(
            'p',
            { class: 'quiet' },
            `At most the ${SORTED_AT_MOST.toLocaleString('en')} worst are sorted by EPSS; any others follow by severity.`,
          ),
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
  const order = (by: FindingSort): void => {
    sort = by;
    sorting.onSort(by);
    void attempt(begin);
  };
  if (there.length === 0)
    return h('p', { class: 'quiet' }, standing ?? 'Nothing was found by the rules that were evaluated.');
  void attempt(begin);
  return h(
    'div',
    {},
    there.length > 1 && severityChoice(run, there, choose),
    vulnerabilityChoice(narrow),
    sortChoice(sort, order),
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

const sortChoice = (chosen: FindingSort, choose: (sort: FindingSort) => void): HTMLElement =>
  h(
    'fieldset',
    { class: 'segments' },
    h('legend', { class: 'unseen' }, 'Order'),
    (Object.keys(findingSorts) as FindingSort[]).map((sort) =>
      h(
        'label',
        {},
        h('input', { type: 'radio', name: 'sort', checked: sort === chosen, onchange: () => choose(sort) }),
        h('span', {}, findingSorts[sort]),
      ),
    ),
  );

/** What is known of its being exploited, where something is. */
function exploitation({ attributes }: Finding): Child {
  const { knownExploited, epss } = exploitationOf(attributes);
  if (!knownExploited && epss === undefined) return false;
  return h(
    'span',
    { class: 'under signs' },
    knownExploited && h('span', { class: 'badge bad' }, 'Known exploited'),
    epss !== undefined &&
      h('span', { title: 'Probability of being exploited within 30 days, by FIRST' }, `EPSS ${epss.toFixed(2)}`),
  );
}

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
  const cells = columns.map((column) =>
    cell(column.names ? { ...column, cell: () => [button, exploitation(finding)] } : column, finding),
  );
  return [h('tr', { role: 'row', class: 'opens' }, cells), under];
}
