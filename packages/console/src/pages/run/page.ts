import { runStanding } from '@assay/model/run-standing.ts';
import type { Context } from '../../context.ts';
import { describeRuns, describeTemplates, type Run } from '../../data/describe.ts';
import { type FindingSort, sortOf } from '../../data/sorted-findings.ts';
import { type Child, h, replace } from '../../dom.ts';
import { count, formatDuration, sentence } from '../../format.ts';
import { runLink, runsLink } from '../../route.ts';
import { findingCounts, hasEnded, stateBadge } from '../../ui/badge.ts';
import { every } from '../../ui/every.ts';
import { empty } from '../../ui/notice.ts';
import { time } from '../../ui/time.ts';
import { findingsTable } from '../findings/table.ts';
import { startRun } from '../runs/start-run.ts';
import { took } from '../runs/table.ts';
import { exclusionList, readExclusions } from './exclusions.ts';
import { hostsTable, readHostNames, readHosts } from './hosts.ts';
import { stopRun } from './stop-run.ts';
import { timeline } from './timeline.ts';

const REFRESH = 2000;

/** One run: how far it is, who takes part, and what came out. Shows itself anew while the run goes. */
export function runPage(context: Context, arn: string, filter: URLSearchParams): HTMLElement {
  const { call, signal, showFault, announce } = context;
  const parts = {
    head: h('div', {}, h('h1', { class: 'quiet' }, 'Run')),
    problem: h('div', {}),
    standing: h('div', {}),
    states: section('Progress'),
    hosts: section('Hosts'),
    findings: section('Findings'),
    exclusions: section('Not assessed'),
  };
  let run: Run | undefined;
  let names = { template: '', hosts: new Map<string, string>() as ReadonlyMap<string, string> };
  let packages: ReadonlyMap<string, string> = new Map();
  let shownHosts = '';
  let resulted = false;
  let standing: string | undefined;

  const refresh = async (): Promise<void> => {
    try {
      const [[next], hosts] = await Promise.all([describeRuns(call, [arn]), readHosts(context, arn)]);
      if (signal.aborted) return;
      replace(parts.problem);
      if (!next) {
        replace(parts.head, gone());
        return;
      }
      const changed = next.state !== run?.state;
      if (changed && run) announce(`${sentence(next.state)}. ${count(hosts.hosts.length, 'host')}.`);
      run = next;
      document.title = `${next.name} · Assay`;
      replace(parts.head, head(next));
      standing = standingOf(next, hosts.hosts.length);
      replace(parts.standing, standing !== undefined && h('p', { class: 'notice bad' }, standing));
      if (changed) replace(parts.states.body, timeline(next));
      // Shown anew only when they changed: what the reader has opened stays open.
      if (JSON.stringify(hosts) !== shownHosts) replace(parts.hosts.body, hostsTable(hosts, names.hosts));
      shownHosts = JSON.stringify(hosts);
      await showResults(next);
    } catch (fault) {
      if (!signal.aborted)
        replace(
          parts.problem,
          showFault(fault, () => void refresh()),
        );
    }
  };
  const showResults = async (current: Run): Promise<void> => {
    if (resulted) return;
    if (!hasEnded(current.state)) {
      replace(parts.findings.body, h('p', { class: 'quiet' }, 'Findings are listed when the run has ended.'));
      replace(
        parts.exclusions.body,
        h('p', { class: 'quiet' }, 'What could not be assessed is listed when the run has ended.'),
      );
      return;
    }
    const exclusions = await readExclusions(context, arn);
    if (signal.aborted) return;
    resulted = true;
    const sorting = {
      standing,
      sort: sortOf(filter.get('sort')),
      // The reader stays where they are: the address changes without the page being made anew.
      onSort: (sort: FindingSort) => {
        filter.set('sort', sort);
        if (sort === 'severity') filter.delete('sort');
        history.replaceState(null, '', runLink(arn, filter));
      },
    };
    replace(parts.findings.body, findingsTable(context, current, packages, sorting));
    replace(parts.exclusions.body, exclusionList(exclusions, names.hosts, packages, standing));
  };
  const head = (current: Run): Child => [
    h(
      'div',
      { class: 'title' },
      h('h1', {}, current.name),
      h(
        'div',
        { class: 'actions' },
        hasEnded(current.state)
          ? h('button', { type: 'button', onclick: () => void again(current) }, 'Run again')
          : h('button', { type: 'button', class: 'danger', onclick: () => stopRun(context, current, refresh) }, 'Stop'),
      ),
    ),
    facts(current, names.template, packages),
  ];
  const again = async ({ assessmentTemplateArn }: Run): Promise<void> => {
    try {
      await startRun(context, assessmentTemplateArn);
    } catch (fault) {
      replace(parts.problem, showFault(fault));
    }
  };
  /** Names make the page read better; without them it shows ids. */
  const nameThings = async (): Promise<void> => {
    const template = arn.replace(/\/run\/.*$/, '');
    const [described, hosts, all] = await Promise.all([
      describeTemplates(call, [template]).catch(() => []),
      readHostNames(context, arn).catch(() => new Map<string, string>()),
      context.rulesPackages.all().catch(() => new Map<string, string>()),
    ]);
    names = { template: described[0]?.name ?? '', hosts };
    packages = all;
  };

  void nameThings().then(refresh);
  every(REFRESH, signal, async () => {
    if (run && !resulted) await refresh();
  });
  return h(
    'section',
    {},
    h('p', { class: 'crumbs' }, h('a', { href: runsLink() }, 'All runs')),
    parts.standing,
    parts.head,
    parts.problem,
    h(
      'div',
      { class: 'columns' },
      h('div', {}, parts.findings.all, parts.exclusions.all),
      h('div', {}, parts.states.all, parts.hosts.all),
    ),
  );
}

/** The sentence above everything else. A run whose findings are of hosts that never took part here was imported. */
function standingOf({ state, findingCounts: counts, dataCollected }: Run, hosts: number): string | undefined {
  const found = Object.values(counts).some((each) => (each ?? 0) > 0);
  const imported = hosts === 0 && found;
  return hasEnded(state)
    ? runStanding({ state, imported, hosts, evaluated: dataCollected || found ? undefined : false })
    : undefined;
}

function section(title: string): { readonly all: HTMLElement; readonly body: HTMLElement } {
  const body = h('div', {}, h('p', { class: 'quiet' }, 'Loading…'));
  return { all: h('section', { class: 'card' }, h('h2', {}, title), body), body };
}

function facts(run: Run, template: string, packages: ReadonlyMap<string, string>): HTMLElement {
  const fact = (term: string, ...value: Child[]): Child => h('div', {}, h('dt', {}, term), h('dd', {}, value));
  return h(
    'dl',
    { class: 'facts' },
    fact('State', stateBadge(run.state)),
    fact('Findings', findingCounts(run)),
    fact('Template', template || run.assessmentTemplateArn),
    fact('Started', time(run.startedAt)),
    fact('Ended', time(run.completedAt)),
    fact('Duration', took(run)),
    fact('Maximum duration', formatDuration(run.durationInSeconds)),
    fact(
      'Rules packages',
      h(
        'ul',
        { class: 'plain' },
        run.rulesPackageArns.map((arn) => h('li', {}, packages.get(arn) ?? arn)),
      ),
    ),
  );
}

const gone = (): Child =>
  empty('There is no such run', h('p', {}, 'It may have been deleted, or belong to another account or region.'));
