import { SaxesParser } from 'saxes';
import type { LeftOutRule } from '../domain/benchmarks.ts';
import { ContentFault } from './content-fault.ts';

/** What a tailoring file does not say itself, and somebody has to answer for. */
export type Answerable = Pick<LeftOutRule, 'reason' | 'author' | 'expires'>;

const MAX_RULES = 5000;
const ID = /^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/;

/**
 * The rules that a file leaves out: a JSON list of `{"rule", "reason", "author", "expires"}`, or an XCCDF tailoring file,
 * whose reason, author and expiry are `given`. A tailoring that does more than leave out rules is refused: it would not be
 * in force. Throws {@link ContentFault}.
 */
export function readTailoring(text: string, given: Partial<Answerable>): LeftOutRule[] {
  const entries = /^\s*</.test(text)
    ? rulesOfXccdf(text).map((rule) => ({ rule, ...given }))
    : entriesOfJson(text, given);
  if (entries.length > MAX_RULES) throw new ContentFault(`it leaves out more than ${MAX_RULES} rules`);
  return entries.map(checked);
}

function entriesOfJson(text: string, given: Partial<Answerable>): Partial<LeftOutRule>[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ContentFault('it is neither XML nor JSON');
  }
  if (!Array.isArray(value)) throw new ContentFault('it is no list of rules');
  return value.map((each) => ({
    ...given,
    ...(typeof each === 'object' && each !== null ? each : { rule: String(each) }),
  }));
}

function rulesOfXccdf(text: string): string[] {
  const parser = new SaxesParser();
  const rules: string[] = [];
  let depth = 0;
  let profiles = 0;
  parser.on('doctype', () => {
    throw new ContentFault('it has a document type, which no tailoring file has');
  });
  parser.on('error', (error) => {
    throw new ContentFault(`its XML is broken (${error.message.slice(0, 200)})`);
  });
  parser.on('opentag', ({ name: qualified, attributes }) => {
    const name = qualified.slice(qualified.indexOf(':') + 1);
    const of = attributes as Readonly<Record<string, string>>;
    if (depth++ === 0 && name !== 'Tailoring') throw new ContentFault('it is no XCCDF tailoring file');
    if (name === 'Profile' && ++profiles > 1) throw new ContentFault('it tailors more than one profile');
    if (name === 'select') {
      if (of.selected !== 'false') throw new ContentFault(`it adds ${of.idref}; rules can be left out, and not added`);
      rules.push(of.idref ?? '');
    }
    if (['set-value', 'refine-value', 'refine-rule', 'set-complex-value'].includes(name)) {
      throw new ContentFault(`it changes ${of.idref} (${name}); rules can be left out, and not changed`);
    }
  });
  parser.on('closetag', () => {
    depth--;
  });
  parser.write(text).close();
  return rules;
}

function checked({ rule = '', reason = '', author = '', expires = '' }: Partial<LeftOutRule>): LeftOutRule {
  if (typeof rule !== 'string' || !ID.test(rule)) throw new ContentFault('it has a rule without an id of XCCDF');
  for (const [what, text] of Object.entries({ reason, author })) {
    if (typeof text !== 'string' || text.trim() === '' || text.length > 500) {
      throw new ContentFault(`${rule} has no ${what} (1 to 500 characters)`);
    }
  }
  if (typeof expires !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(expires) || Number.isNaN(Date.parse(expires))) {
    throw new ContentFault(`${rule} has no expiry such as 2027-06-30`);
  }
  return { rule, reason: reason.trim(), author: author.trim(), expires };
}
