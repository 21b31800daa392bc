import { oneLine } from '@assay/model/safe-text.ts';
import type { TrailRecord } from '../../runtime/audit/read-trail.ts';
import { lineWidth, wrap } from '../terminal/table.ts';

/** What the table shows of a record. */
export type ShownRecord = Omit<TrailRecord, 'text' | 'account'>;

type Paint = (format: 'bold' | 'red' | 'dim', text: string) => string;

const WIDTHS = { time: 8, key: 20, address: 15 };
/** What is left of 80 columns, and room for the longest name of an operation. */
const callWidth = (width: number): number => width - WIDTHS.time - WIDTHS.key - WIDTHS.address - 6;

/** Records as rows, each day under its date: they come one after the other, so no row waits for the next. */
export function trailTable(stream: NodeJS.WriteStream, paint: Paint): (record: ShownRecord) => string {
  const width = callWidth(lineWidth(stream));
  let day = '';
  return (record) => {
    const time = new Date(record.time).toISOString();
    const heading = day === time.slice(0, 10) ? '' : `${day && '\n'}${paint('bold', `${time.slice(0, 10)} UTC`)}\n`;
    day = time.slice(0, 10);
    return heading + row(record, time.slice(11, 19), width, paint);
  };
}

function row(record: ShownRecord, time: string, width: number, paint: Paint): string {
  const { operation, errorCode, leftOut } = record;
  const call = wrap(plain(operation), width);
  const refusal = errorCode === undefined ? [] : wrap(plain(`${errorCode}${reason(record)}`), width);
  const others = leftOut > 0 ? wrap(`and ${leftOut} more like it before`, width) : [];
  const right = [...call, ...refusal.map((line) => paint('red', line)), ...others.map((line) => paint('dim', line))];
  const left = [
    [time],
    wrap(plain(record.accessKeyId ?? '-'), WIDTHS.key),
    wrap(plain(record.address ?? '-'), WIDTHS.address),
  ];
  const widths = [WIDTHS.time, WIDTHS.key, WIDTHS.address];
  const height = Math.max(right.length, ...left.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const cells = left.map((lines, column) => (lines[line] ?? '').padEnd(widths[column] ?? 0));
    return `${[...cells, right[line] ?? ''].join('  ').trimEnd()}\n`;
  }).join('');
}

/** The API's code of an error, which its message begins with. */
const reason = ({ errorMessage = '' }: ShownRecord): string => {
  const [, code] = /^([A-Z][A-Z_]{1,80}): /.exec(errorMessage) ?? [];
  return code === undefined ? '' : ` ${code}`;
};

const plain = (text: string): string => oneLine(text, 400);
