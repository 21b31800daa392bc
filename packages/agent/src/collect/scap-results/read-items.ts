import { createReadStream } from 'node:fs';
import { SaxesParser } from 'saxes';
import { bounded } from '../../collection.ts';

/** What OVAL looked at for a rule: one of its tests, the items that it found on the host, and what they should be. */
export interface LookedAt {
  /** What the test is about, in the content's words. */
  readonly test: string;
  readonly found: string;
  /** Empty where the content has no state for it. */
  readonly expected: string;
}

const MOST = 100_000;
const TESTS = 5;
const ITEMS = 5;
const FIELDS = 14;
const TEXT = 300;
/** Of an item or a state that says nothing to a person. */
const QUIET =
  'instance pattern line path filename windows_view username var_ref a_time c_time m_time size arch epoch release'.split(
    ' ',
  );
/** A permission of a file: told where it is there. */
const PERMISSION = /^([ugo](read|write|exec)|suid|sgid|sticky|has_extended_acl)$/;

interface Test {
  readonly comment: string;
  readonly existence: string;
  readonly states: string[];
}

/**
 * What was looked at for each of `definitions` (ids of OVAL), from a results file in the Asset Reporting Format. Only tests
 * that did not turn out as the definition wants them are told. Rejects where the file is cut short.
 */
export async function readItems(file: string, definitions: ReadonlySet<string>): Promise<Map<string, LookedAt[]>> {
  const tests = new Map<string, Test>();
  const states = new Map<string, string>();
  const criteria = new Map<string, { id: string; negate: boolean; isTest: boolean }[]>();
  const outcomes = new Map<string, { result: string; items: string[] }>();
  const items = new Map<string, string>();
  const way: string[] = [];
  let test: Test | undefined;
  let definition: { id: string; negate: boolean; isTest: boolean }[] | undefined;
  let outcome: { result: string; items: string[] } | undefined;
  let entity: { id: string; fields: string[] } | undefined;
  let operation = '';
  let text = '';
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw new Error(`the results of oscap are not whole (${error.message.slice(0, 200)})`);
  });
  parser.on('doctype', () => {
    throw new Error('the results of oscap have a document type');
  });
  const keep = <T>(map: Map<string, T>, id: string | undefined, value: T): T | undefined => {
    if (id === undefined || map.size >= MOST) return undefined;
    map.set(id, value);
    return value;
  };
  parser.on('opentag', ({ name: qualified, attributes }) => {
    const name = qualified.slice(qualified.indexOf(':') + 1);
    const parent = way.at(-1);
    const above = way.at(-2);
    way.push(name);
    text = '';
    const of = attributes as Readonly<Record<string, string | undefined>>;
    if (parent === 'tests' && above === 'oval_definitions') {
      const { comment = '', check_existence: existence = '' } = of;
      test = keep(tests, of.id, { comment: bounded(comment, TEXT), existence, states: [] });
    } else if (name === 'state' && test && test.states.length < ITEMS) {
      test.states.push(of.state_ref ?? '');
    } else if (parent === 'states' && above === 'oval_definitions') {
      entity = { id: of.id ?? '', fields: [] };
    } else if (parent === 'system_data') {
      entity = { id: of.id ?? '', fields: [] };
    } else if (parent === 'definitions' && above === 'system') {
      definition = keep(criteria, of.definition_id, []);
    } else if (definition && (name === 'criterion' || name === 'extend_definition') && definition.length < 200) {
      const negate = of.negate === 'true';
      definition.push({ id: of.test_ref ?? of.definition_ref ?? '', negate, isTest: name === 'criterion' });
    } else if (parent === 'tests' && above === 'system') {
      // The file has a part for the dictionary of systems too, which evaluates none of the rules' tests.
      const { result = 'not evaluated' } = of;
      if (result !== 'not evaluated') outcome = keep(outcomes, of.test_id, { result, items: [] });
    } else if (name === 'tested_item' && outcome && outcome.items.length < ITEMS) {
      outcome.items.push(of.item_id ?? '');
    } else if (entity) {
      operation = of.operation === undefined || of.operation === 'equals' ? '' : ` (${of.operation})`;
    }
  });
  parser.on('text', (more) => {
    if (entity && text.length < TEXT) text += more;
  });
  parser.on('closetag', ({ name: qualified }) => {
    const name = qualified.slice(qualified.indexOf(':') + 1);
    way.pop();
    const parent = way.at(-1);
    if (entity && parent !== 'states' && parent !== 'system_data') {
      const value = text.trim();
      if (PERMISSION.test(name) && value !== '') {
        if (value === 'true' && operation === '') entity.fields.push(name);
      } else if (value !== '' && entity.fields.length < FIELDS && !QUIET.includes(name)) {
        entity.fields.push(`${name}${operation} ${withoutSecrets(name, value)}`);
      }
    } else if (entity) {
      const said = bounded(hideShadow(entity.fields).join(', '), TEXT);
      keep(parent === 'states' ? states : items, entity.id, said);
      entity = undefined;
    }
    if (parent === 'tests') {
      test = undefined;
      outcome = undefined;
    }
    if (parent === 'definitions') definition = undefined;
    text = '';
  });
  for await (const piece of createReadStream(file, 'utf8')) parser.write(piece as string);
  parser.close();

  const looked = (id: string, depth: number): LookedAt[] =>
    (criteria.get(id) ?? []).flatMap(({ id: part, negate, isTest }) => {
      if (!isTest) return depth > 5 ? [] : looked(part, depth + 1);
      const { result = '', items: ids = [] } = outcomes.get(part) ?? {};
      const about = tests.get(part);
      if (!about || (result === 'true') !== negate) return [];
      const found = ids.flatMap((item) => items.get(item) ?? []).join('; ') || 'nothing';
      const state = about.states.flatMap((each) => states.get(each) ?? []).join('; ');
      const expected = about.existence === 'none_exist' ? 'nothing' : state;
      return [{ test: about.comment, found: bounded(found, 2 * TEXT), expected: bounded(expected, 2 * TEXT) }];
    });
  return new Map([...definitions].map((id) => [id, looked(id, 0).slice(0, TESTS)]));
}

/** Secrets never leave the host. */
const withoutSecrets = (name: string, value: string): string =>
  /passw|hash|secret|key$/i.test(name)
    ? '(not sent)'
    : value.replaceAll(/\$[0-9a-z]+\$\S+|\bgrub\.pbkdf2\S+/g, '(not sent)');

/** A line of a file that has passwords is one. */
function hideShadow(fields: readonly string[]): string[] {
  const secret = fields.some((field) => /\b(g?shadow|opasswd)\b/.test(field));
  return secret ? fields.map((field) => field.replace(/^(text|subexpression)\b.*/s, '$1 (not sent)')) : [...fields];
}
