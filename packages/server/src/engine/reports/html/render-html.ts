import { commonAdvice, type FindingSection, findingSections, shortOccurrence } from '../finding-sections.ts';
import { changesPart } from '../parts/changes.ts';
import { controlsPart, controlsTitle, namesControls } from '../parts/controls.ts';
import { evidencePart } from '../parts/evidence.ts';
import { prioritiesPart } from '../parts/priorities.ts';
import { provenancePart } from '../parts/provenance.ts';
import { scopePart } from '../parts/scope.ts';
import type { FindingGroup, FindingVariant, ReportData, ReportHost, RuleResults } from '../report-data.ts';
import {
  agentText,
  bySeverity,
  caveat,
  findingCount,
  formatTime,
  groupsText,
  headline,
  noExclusions,
  noFindings,
  noRules,
  notes,
  packageFindings,
  packageTitle,
  plural,
  runFacts,
  titleOf,
  total,
} from '../report-words.ts';
import { attributeLines, badge, evidence, facts, findingTable, hostCell, severityTable } from './blocks.ts';
import { packageChart, severityChart } from './charts.ts';
import { text } from './markup.ts';
import { partSection } from './part.ts';
import { ruleSection } from './rules.ts';
import { style } from './style.ts';

/**
 * A report as one HTML file, piece by piece: no scripts, nothing that is fetched. The same data gives the same bytes.
 */
export function* renderHtml(data: ReportData): Generator<string> {
  const { run } = data;
  yield `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${text(`${run.name} – ${titleOf(data)}`)}</title>
<style>${style}</style></head>
<body>
<header>
<div class="kind">${titleOf(data)}</div>
<h1 class="lines">${text(run.name)}</h1>
<p class="soft">Assay ${text(data.assay)} · ${formatTime(data.createdAt)} · account ${text(data.account)} · ${text(data.region)}</p>
</header>
<main>
`;
  yield* summary(data);
  yield* partSection(scopePart(data));
  yield* partSection(prioritiesPart(data));
  yield* partSection(changesPart(data));
  yield* contents(data);
  yield* theRun(data);
  yield* partSection(provenancePart(data));
  yield* hosts(data);
  yield* packages(data);
  yield* exclusions(data);
  yield* findings(data);
  if (data.rules) yield* rules(data, data.rules);
  const controls = controlsPart(data);
  if (controls) yield* partSection(controls);
  yield* partSection(evidencePart(data));
  yield `<section id="notes"><h2>How to read this report</h2>\n<ul>${notes(data)
    .map((note) => `<li>${text(note)}</li>`)
    .join('\n')}</ul></section>\n`;
  yield `</main>\n<footer>${text(run.arn)} · made by Assay ${text(data.assay)} ${formatTime(data.createdAt)}</footer>\n</body></html>\n`;
}

function* contents(data: ReportData): Generator<string> {
  yield '<nav aria-label="Contents"><h2>Contents</h2><ol>\n<li><a href="#summary">Summary</a></li>\n<li><a href="#scope">Scope and what was not assessed</a></li>\n<li><a href="#first">What to do first</a></li>\n<li><a href="#changes">Differences to the run before</a></li>\n<li><a href="#run">The run</a></li>\n<li><a href="#provenance">Who and by what</a></li>\n<li><a href="#hosts">Hosts</a></li>\n<li><a href="#packages">Rules packages</a></li>\n<li><a href="#exclusions">Exclusions</a></li>\n<li><a href="#findings">Findings</a>';
  if (data.findings.length > 0) yield '<ol>\n';
  for (const { anchor, software, groups } of findingSections(data.findings)) {
    const [{ severity, title, hosts: count }] = groups;
    const about = software === undefined ? plural(count, 'host') : groupsText(groups);
    yield `<li>${badge(severity, severity)}<a href="#${anchor}">${text(software ?? title)}</a> <span class="soft">${about}</span></li>\n`;
  }
  if (data.findings.length > 0) yield '</ol>';
  yield '</li>\n';
  if (data.rules) {
    yield '<li><a href="#rules">Rules checked</a><ol>\n';
    for (const { anchor, title } of data.rules) yield `<li><a href="#${anchor}">${text(title)}</a></li>\n`;
    yield '</ol></li>\n';
  }
  if (namesControls(data)) yield `<li><a href="#controls">${controlsTitle}</a></li>\n`;
  yield '<li><a href="#evidence">Digests of the evidence</a></li>\n<li><a href="#notes">How to read this report</a></li>\n</ol></nav>\n';
}

function* summary(data: ReportData): Generator<string> {
  yield `<section id="summary"><h2>Summary</h2>\n<p class="lead">${text(headline(data))}</p>\n`;
  yield `<div class="cards">${severityTable(data.counts, (count) => findingCount(data, count))}</div>\n`;
  if (caveat(data) === undefined || total(data.counts) > 0) {
    yield severityChart(data.counts);
    if (data.packages.length > 0) yield packageChart(data.packages);
  }
  yield '</section>\n';
}

function* theRun(data: ReportData): Generator<string> {
  yield `<section id="run"><h2>The run</h2>\n${facts(runFacts(data))}`;
  yield '<h3>Its states</h3>\n<table><thead><tr><th>State</th><th>Since</th></tr></thead><tbody>\n';
  for (const { at, state } of data.run.stateChanges) {
    yield `<tr><td>${text(state)}</td><td>${formatTime(at)}</td></tr>\n`;
  }
  yield '</tbody></table></section>\n';
}

function* hosts(data: ReportData): Generator<string> {
  const all = data.hosts;
  yield `<section id="hosts"><h2>Hosts</h2>\n`;
  if (all.length === 0) yield '<p>No host took part in this run.</p>';
  else {
    yield '<table><thead><tr><th>Host</th><th>Operating system</th><th>Health</th><th class="number">High</th><th class="number">Medium</th><th class="number">Low</th><th class="number">Info.</th><th class="number">Undef.</th><th class="number">All</th></tr></thead><tbody>\n';
    for (const host of all) yield hostRow(data, host);
    yield '</tbody></table>';
  }
  yield '</section>\n';
}

function hostRow(data: ReportData, host: ReportHost): string {
  const { operatingSystem = 'unknown', kernel, addresses, health, deliveredAt, counts } = host;
  const numbers = [...bySeverity.map((severity) => counts[severity]), total(counts)];
  const known = [
    text(operatingSystem),
    ...(agentText(host) === '' ? [] : [`<span class="soft">${text(agentText(host))}</span>`]),
    ...(kernel === undefined ? [] : [`<span class="soft">Linux ${text(kernel)}</span>`]),
  ];
  const where = addresses.length === 0 ? '' : `<br><span class="soft">${text(addresses.slice(0, 8).join(', '))}</span>`;
  const delivered = deliveredAt === undefined ? '' : `<br><span class="soft">${formatTime(deliveredAt)}</span>`;
  return `<tr><td>${hostCell(host)}${where}</td><td>${known.join('<br>')}</td><td>${health}${delivered}</td>${numbers.map((each) => `<td class="number">${findingCount(data, each)}</td>`).join('')}</tr>\n`;
}

function* packages(data: ReportData): Generator<string> {
  const all = data.packages;
  yield '<section id="packages"><h2>Rules packages</h2>\n';
  for (const each of all) {
    yield `<div class="item"><header><h3>${text(packageTitle(each))}</h3><span class="soft">${packageFindings(data, each)}</span></header>
<p class="lines">${text(each.description)}</p>
<p class="soft">${each.provider === undefined ? '' : `By ${text(each.provider)}. `}<code>${text(each.arn)}</code></p></div>\n`;
  }
  yield '</section>\n';
}

function* findings(data: ReportData): Generator<string> {
  const groups = data.findings;
  yield '<section id="findings"><h2>Findings</h2>\n';
  if (groups.length === 0) yield `<p>${text(noFindings(data))}</p>`;
  let within: FindingGroup['rulesPackage'] | undefined;
  for (const section of findingSections(groups)) {
    const [group] = section.groups;
    if (group.rulesPackage !== within) {
      within = group.rulesPackage;
      yield `<h3>${text(packageTitle(within))}</h3>\n`;
    }
    if (section.software !== undefined) {
      yield* softwareSection(section, section.software);
      continue;
    }
    yield `<article class="item ${group.severity}" id="${group.anchor}"><header>${badge(group.severity, group.severity)}<h4>${text(group.title)}</h4><span class="soft">${plural(group.hosts, 'host')}</span></header>\n<p class="soft">Rule <code>${text(group.rule)}</code></p>\n`;
    for (const variant of group.variants) yield* findingVariant(variant);
    yield '</article>\n';
  }
  yield '</section>\n';
}

/** All findings of one software package: a row each, instead of a page. */
function* softwareSection(section: FindingSection, software: string): Generator<string> {
  const { anchor, groups } = section;
  const [{ severity }] = groups;
  const advice = commonAdvice(section);
  yield `<article class="item ${severity}" id="${anchor}"><header>${badge(severity, severity)}<h4>${text(software)}</h4><span class="soft">${groupsText(groups)}</span></header>\n`;
  if (advice !== undefined) {
    const unless = groups.length > 1 ? ', where a row says nothing else' : '';
    yield `<p class="lines"><span class="label">What to do${unless}:</span> ${text(advice)}</p>\n`;
  }
  yield '<table><thead><tr><th scope="col" class="rule">Rule</th><th scope="col">What was found</th><th scope="col" class="where">Where and evidence</th></tr></thead><tbody>\n';
  for (const { anchor: id, rule, severity: own, variants } of groups) {
    for (const [at, { description, recommendation, occurrences }] of variants.entries()) {
      const where = occurrences.map((occurrence) => {
        const { observations, attributes } = shortOccurrence(occurrence, { rule, description });
        return `<div class="occurrence">${hostCell(occurrence.host)}<br><code>${text(occurrence.id)}</code>${evidence(observations)}${attributeLines(attributes)}</div>`;
      });
      const todo =
        recommendation === '' || recommendation === advice
          ? ''
          : `<p class="lines"><span class="label">What to do:</span> ${text(recommendation)}</p>`;
      yield `<tr${at === 0 ? ` id="${id}"` : ''}><td>${badge(own, own)}<br>${text(rule)}</td><td><p class="lines">${text(description)}</p>${todo}</td><td>${where.join('')}</td></tr>\n`;
    }
  }
  yield '</tbody></table></article>\n';
}

function* findingVariant({ description, recommendation, occurrences }: FindingVariant): Generator<string> {
  yield `<p class="lines">${text(description)}</p>\n`;
  if (recommendation !== '')
    yield `<p class="lines"><span class="label">What to do:</span> ${text(recommendation)}</p>\n`;
  yield findingTable.head;
  for (const { id, host, attributes, observations } of occurrences) {
    yield `<tr><td>${hostCell(host)}</td><td><code>${text(id)}</code></td><td>${evidence(observations)}${attributeLines(attributes)}</td></tr>\n`;
  }
  yield findingTable.end;
}

function* exclusions(data: ReportData): Generator<string> {
  const all = data.exclusions;
  yield '<section id="exclusions"><h2>Exclusions</h2>\n';
  if (all.length === 0) yield `<p>${text(noExclusions(data))}</p>`;
  for (const { title, description, recommendation, hosts: named, packages: of } of all) {
    const about = [
      ...of.map(packageTitle),
      ...named.map(({ hostname, agent }) => (agent === undefined ? hostname : `${hostname} (${agent})`)),
    ];
    yield `<div class="item NOT_ASSESSED"><header><h3>${text(title)}</h3></header>\n<p class="lines">${text(description)}</p>\n`;
    if (recommendation !== '')
      yield `<p class="lines"><span class="label">What to do:</span> ${text(recommendation)}</p>\n`;
    if (about.length > 0) yield `<p class="soft">About: ${text(about.join(', '))}</p>`;
    yield '</div>\n';
  }
  yield '</section>\n';
}

function* rules(data: ReportData, all: readonly RuleResults[]): Generator<string> {
  yield '<section id="rules"><h2>Rules checked</h2>\n';
  if (all.length === 0) yield `<p>${text(noRules(data))}</p>`;
  let within: RuleResults['rulesPackage'] | undefined;
  for (const rule of all) {
    if (rule.rulesPackage !== within) {
      within = rule.rulesPackage;
      yield `<h3>${text(packageTitle(within))}</h3>\n`;
    }
    yield* ruleSection(rule);
  }
  yield '</section>\n';
}
