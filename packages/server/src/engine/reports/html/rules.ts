import type { RuleResult, RuleResults } from '../report-data.ts';
import { outcomes, outcomeWords, plural } from '../report-words.ts';
import { badge, evidence, hostCell } from './blocks.ts';
import { text } from './markup.ts';

/** One rule with what it said of each host. */
export function* ruleSection({ anchor, rule, title, severity, counts, results }: RuleResults): Generator<string> {
  const tally = outcomes
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => badge(outcome, `${outcomeWords[outcome]} ${counts[outcome]}`));
  yield `<article class="item" id="${anchor}"><header><h4>${text(title)}</h4>${tally.join('')}<span class="soft">${plural(results.length, 'verdict')}</span></header>\n`;
  yield `<p class="soft">Rule <code>${text(rule)}</code>${severity === undefined ? '' : `, severity ${severity}`}</p>\n`;
  if (results.length === 0) yield '<p>No host was judged by this rule.</p>';
  else {
    yield '<table><thead><tr><th class="host">Host</th><th class="id">Outcome</th><th>Evidence</th></tr></thead><tbody>\n';
    for (const result of results) yield row(result);
    yield '</tbody></table>\n';
  }
  yield '</article>\n';
}

function row({ host, outcome, reason, observations, finding }: RuleResult): string {
  const why = reason === '' ? '' : `<div class="lines">${text(reason)}</div>`;
  const where = finding === undefined ? '' : `<a href="#${finding}">see the finding</a>`;
  return `<tr><td>${hostCell(host)}</td><td>${badge(outcome, outcomeWords[outcome])}</td><td>${why}${where}${evidence(observations)}</td></tr>\n`;
}
