import { createReadStream } from 'node:fs';
import { type ScapResultWord, scapResultWords } from '@assay/model/evidence/scap-results.ts';
import { SaxesParser } from 'saxes';
import { bounded } from '../../collection.ts';

export interface RuleResult {
  readonly rule: string;
  readonly result: ScapResultWord;
  readonly weight?: number;
  readonly messages?: string[];
  /** The OVAL definition that checks it. */
  readonly definition?: string;
}

/** What oscap wrote, reduced. */
export interface TestResult {
  /** Rules that it gave a result for; those that it deselected are left out. */
  readonly results: readonly RuleResult[];
  readonly values: readonly { readonly id: string; readonly value: string }[];
}

const MAX_RESULTS = 20_000;
const MAX_VALUES = 2000;
const MAX_MESSAGES = 5;
const MAX_TEXT = 4000;

/** Reads the `TestResult` of a results file that oscap wrote. Rejects where it is cut short or none. */
export async function readTestResult(file: string): Promise<TestResult> {
  const results: RuleResult[] = [];
  const values: { id: string; value: string }[] = [];
  const parser = new SaxesParser();
  let inside = 0;
  let seen = false;
  let rule: { id: string; weight: number; result: string; messages: string[]; definition?: string } | undefined;
  let value: string | undefined;
  let text = '';
  parser.on('error', (error) => {
    throw new Error(`the results of oscap are not whole (${error.message.slice(0, 200)})`);
  });
  parser.on('doctype', () => {
    throw new Error('the results of oscap have a document type');
  });
  parser.on('opentag', ({ name: qualified, attributes }) => {
    const name = localName(qualified);
    if (name === 'TestResult') {
      inside++;
      seen = true;
    }
    text = '';
    if (inside === 0) return;
    const of = attributes as Readonly<Record<string, string>>;
    if (name === 'rule-result') rule = { id: of.idref ?? '', weight: Number(of.weight ?? 1), result: '', messages: [] };
    else if (name === 'set-value') value = of.idref ?? '';
    else if (name === 'check-content-ref' && rule && of.name !== undefined) rule.definition = bounded(of.name, 512);
  });
  parser.on('text', (more) => {
    if (inside > 0 && text.length < MAX_TEXT) text += more;
  });
  parser.on('closetag', ({ name: qualified }) => {
    const name = localName(qualified);
    if (name === 'TestResult') inside--;
    if (inside === 0) return;
    if (rule && name === 'result') {
      rule.result = text.trim();
    } else if (rule && name === 'message') {
      if (rule.messages.length < MAX_MESSAGES) rule.messages.push(bounded(text.trim(), 500));
    } else if (rule && name === 'rule-result') {
      const { id, result, weight, messages, definition } = rule;
      if (isWord(result) && id !== '' && results.length < MAX_RESULTS) {
        results.push({
          rule: bounded(id, 256),
          result,
          ...(weight === 1 || !(weight >= 0 && weight <= 1e6) ? {} : { weight }),
          ...(messages.length > 0 ? { messages } : {}),
          ...(definition === undefined ? {} : { definition }),
        });
      }
      rule = undefined;
    } else if (value !== undefined && name === 'set-value') {
      if (value !== '' && values.length < MAX_VALUES) {
        values.push({ id: bounded(value, 256), value: bounded(text.trim(), 2000) });
      }
      value = undefined;
    }
    text = '';
  });
  for await (const piece of createReadStream(file, 'utf8')) parser.write(piece as string);
  parser.close();
  if (!seen) throw new Error('oscap wrote no TestResult');
  return { results, values };
}

/** A line that `oscap --progress` prints: a rule and what came of it. */
export function readProgress(line: string): RuleResult | undefined {
  const [, rule, result = ''] = /^([A-Za-z_][A-Za-z0-9_.-]{0,255}):([a-z]+)$/.exec(line) ?? [];
  return rule !== undefined && isWord(result) ? { rule, result } : undefined;
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);
const isWord = (word: string): word is ScapResultWord => scapResultWords.some((known) => known === word);
