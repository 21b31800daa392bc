import { oneLine } from '@assay/model/safe-text.ts';
import { isObject, listOf, objectOf, textOf } from './json.ts';

/** A rule as nft writes it, for people: at most 300 characters. */
export const nftText = (expressions: readonly unknown[]): string =>
  oneLine(
    expressions
      .slice(0, 40)
      .map(statement)
      .filter((text) => text !== '')
      .join(' '),
    300,
  );

function statement(expression: unknown): string {
  const [name = '', value] = Object.entries(objectOf(expression))[0] ?? [];
  const of = objectOf(value);
  switch (name) {
    case 'match':
      return `${expressionText(of.left)} ${of.op === '==' || of.op === 'in' ? '' : `${textOf(of.op)} `}${expressionText(of.right)}`;
    case 'vmap':
      return `${expressionText(of.key)} vmap ${expressionText(of.data)}`;
    case 'jump':
    case 'goto':
      return `${name} ${textOf(of.target)}`;
    case 'mangle':
      return `${expressionText(of.key)} set ${expressionText(of.value)}`;
    case 'dnat':
    case 'snat':
    case 'redirect':
      return `${name} to ${of.addr === undefined ? '' : expressionText(of.addr)}${of.port === undefined ? '' : `:${expressionText(of.port)}`}`;
    case 'reject':
      return of.type === undefined
        ? 'reject'
        : `reject with ${[of.type, of.expr].filter((each) => typeof each === 'string').join(' ')}`;
    case 'limit':
      return `limit rate ${of.inv === true ? 'over ' : ''}${String(of.rate)}/${textOf(of.per)}`;
    case 'log':
      return of.prefix === undefined ? 'log' : `log prefix "${textOf(of.prefix)}"`;
    case 'xt':
      return `xt ${textOf(of.type)} ${textOf(of.name)}`;
    case 'counter':
      return '';
    default:
      return name;
  }
}

function expressionText(json: unknown): string {
  if (typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean') return String(json);
  if (Array.isArray(json)) return inside(json, ', ');
  if (!isObject(json)) return '';
  const [name = '', value] = Object.entries(json)[0] ?? [];
  const of = objectOf(value);
  switch (name) {
    case 'payload':
      return `${textOf(of.protocol)} ${textOf(of.field)}`;
    case 'meta':
      return ['iif', 'iifname', 'oif', 'oifname', 'iifgroup', 'oifgroup'].includes(textOf(of.key))
        ? textOf(of.key)
        : `meta ${textOf(of.key)}`;
    case 'ct':
      return `ct ${of.dir === undefined ? '' : `${textOf(of.dir)} `}${textOf(of.key)}`;
    case 'fib':
      return `fib ${listOf(of.flags).map(textOf).join(' . ')} ${textOf(of.result)}`;
    case 'prefix':
      return `${String(of.addr)}/${String(of.len)}`;
    case 'range':
      return listOf(value).map(expressionText).join('-');
    case 'set':
      return `{ ${inside(listOf(value), ', ')} }`;
    case 'concat':
      return inside(listOf(value), ' . ');
    case 'elem':
      return expressionText(of.val);
    case 'map':
      return `${expressionText(of.key)} map ${expressionText(of.data)}`;
    case '&':
    case '|':
    case '^':
      return listOf(value).map(expressionText).join(` ${name} `);
    case 'accept':
    case 'drop':
    case 'return':
    case 'continue':
    case 'reject':
      return name;
    case 'jump':
    case 'goto':
      return `${name} ${textOf(of.target)}`;
    default:
      return name;
  }
}

/** Elements; of a map's entries key and value. Long sets are cut: the text is for people. */
function inside(elements: readonly unknown[], separator: string): string {
  const shown = elements
    .slice(0, 12)
    .map((each) => (Array.isArray(each) ? each.map(expressionText).join(' : ') : expressionText(each)));
  return [...shown, ...(elements.length > 12 ? ['…'] : [])].join(separator);
}
