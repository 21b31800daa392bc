import { parseBoundedJson } from '@assay/model/bounded-json.ts';
import { check } from '@assay/model/check.ts';
import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { parse } from '@assay/model/parse.ts';
import { integer, list, long, string, structure } from '@assay/model/shape.ts';
import { bounded, type Collection, commandLine, fitList, note, noteRefusal, recordSource } from '../collection.ts';

type Routes = EvidenceData<'routes'>;

const word = string({ max: 256 });
const Told = {
  route: list(
    structure({ type: word, dst: word, gateway: word, dev: word, table: word, metric: long(), prefsrc: word }),
  ),
  rule: list(
    structure({
      priority: long(),
      src: word,
      srclen: integer(),
      table: word,
      action: word,
      iif: word,
      fwmark: word,
      dst: word,
    }),
  ),
};

const QUESTIONS = [
  { family: 'IPv4', flag: '-4' },
  { family: 'IPv6', flag: '-6' },
] as const;

/** The routing tables, and the rules that choose among them. */
export async function collectRoutes(collection: Collection): Promise<Routes | undefined> {
  const routes: Routes['routes'] = [];
  const rules: Routes['rules'] = [];
  let told = 0;
  for (const { family, flag } of QUESTIONS) {
    const listed = await ask(collection, [flag, '-json', 'route', 'show', 'table', 'all'], Told.route);
    const chosen = await ask(collection, [flag, '-json', 'rule', 'show'], Told.rule);
    if (listed) told++;
    for (const { type, dst, gateway, dev, table, metric, prefsrc } of listed ?? []) {
      if (dst === undefined) continue;
      const found = { gateway, device: dev, metric: metric && Math.max(0, metric), source: prefsrc };
      routes.push({ family, type: type ?? 'unicast', destination: dst, table: table ?? 'main', ...found });
    }
    for (const rule of chosen ?? []) {
      const { priority, table, action, src, srclen, ...selectors } = rule;
      const everything =
        (src === undefined || src === 'all') && Object.values(selectors).every((each) => each === undefined);
      const from = src === undefined || srclen === undefined ? src : `${src}/${srclen}`;
      const selector = everything
        ? undefined
        : Object.entries({ from, ...selectors })
            .flatMap(([key, value]) => (value === undefined ? [] : [`${key} ${value}`]))
            .join(' ');
      rules.push({
        family,
        priority: Math.max(0, priority ?? 0),
        table: table ?? action ?? 'main',
        selector: selector && bounded(selector, 256),
      });
    }
  }
  if (told === 0) return undefined;
  return { routes: fitList(collection, routes, 20_000, 'routes'), rules: fitList(collection, rules, 2000, 'rules') };
}

async function ask<S extends (typeof Told)[keyof typeof Told]>(
  collection: Collection,
  args: readonly string[],
  shape: S,
) {
  const subject = commandLine('ip', args);
  const asked = await collection.host.run('ip', args, { timeoutMs: 10_000, maxBytes: 16 * 1024 * 1024 });
  if (!asked.ok) {
    noteRefusal(collection, subject, asked);
    return undefined;
  }
  const { exitCode, stdout, stderr } = asked.value;
  if (exitCode !== 0) {
    note(collection, 'UNREADABLE', subject, bounded(stderr.trim(), 500) || `exit status ${exitCode}`);
    return undefined;
  }
  try {
    const told = parse(shape, parseBoundedJson(stdout.trim() === '' ? '[]' : stdout));
    const [fault] = check(shape, told);
    if (fault) throw new Error(fault.expected);
    recordSource(collection, subject, stdout);
    return told;
  } catch (error) {
    note(collection, 'UNREADABLE', subject, String(error));
    return undefined;
  }
}
