import type { Input } from '@assay/model/api/operations.ts';
import { AssessmentRunState } from '@assay/model/api/values.ts';
import { parseMoment } from '../../data/moments.ts';

/** The form's fields, which are also the names in the address: `#/runs?state=FAILED&started-from=2026-03-01T00:00`. */
export const filterFields = {
  name: 'name',
  exactName: 'name-is',
  states: 'state',
  templates: 'template',
  packages: 'package',
  minDuration: 'duration-min',
  maxDuration: 'duration-max',
  startedFrom: 'started-from',
  startedTo: 'started-to',
  endedFrom: 'ended-from',
  endedTo: 'ended-to',
  changedFrom: 'changed-from',
  changedTo: 'changed-to',
} as const;

/** Something in the form that cannot be asked for; `field` is its name in the form. */
export interface FilterProblem {
  readonly field: string;
  readonly message: string;
}
export interface RunsQuery {
  /** What ListAssessmentRuns is asked; parts that cannot be read are left out and stand in `problems`. */
  readonly input: Input<'ListAssessmentRuns'>;
  readonly problems: readonly FilterProblem[];
}

type Filter = NonNullable<Input<'ListAssessmentRuns'>['filter']>;

/** The input of ListAssessmentRuns that a filled-in form asks for: an empty field filters nothing. */
export function runsQuery(form: URLSearchParams): RunsQuery {
  const problems: FilterProblem[] = [];
  const all = (field: string): string[] =>
    [...new Set(form.getAll(field).map((value) => value.trim()))].filter((value) => value !== '');
  const text = (field: string): string => all(field)[0] ?? '';
  const read = (field: string, parse: (value: string) => number | undefined, expected: string): number | undefined => {
    const value = text(field);
    if (value === '') return undefined;
    const parsed = parse(value);
    if (parsed === undefined) problems.push({ field, message: expected });
    return parsed;
  };
  const range = (from: string, to: string) => {
    const beginDate = read(from, parseMoment, EXPECTED_TIME);
    const endDate = read(to, (value) => endOf(value, parseMoment(value)), EXPECTED_TIME);
    if (beginDate !== undefined && endDate !== undefined && beginDate > endDate) {
      problems.push({ field: to, message: 'This is before the time that the range begins at.' });
      return undefined;
    }
    return bounds({ beginDate, endDate });
  };

  const fields = filterFields;
  const [name, exact] = [text(fields.name), text(fields.exactName)];
  // What is typed may be anywhere in the name, unless it says where by stars of its own.
  const anywhere = name !== '' && !name.includes('*') && [...name].length <= 138;
  const pattern = exact || (anywhere ? `*${name}*` : name);
  const tooLong = [...pattern].length > 140;
  if (tooLong) problems.push({ field: fields.name, message: 'A name has at most 140 characters.' });
  const known: readonly string[] = AssessmentRunState.values;
  for (const state of all(fields.states).filter((value) => !known.includes(value))) {
    problems.push({ field: fields.states, message: `There is no state ${state}.` });
  }
  const minSeconds = read(fields.minDuration, parseDuration, EXPECTED_DURATION);
  const maxSeconds = read(fields.maxDuration, parseDuration, EXPECTED_DURATION);
  const backwards = minSeconds !== undefined && maxSeconds !== undefined && minSeconds > maxSeconds;
  if (backwards) problems.push({ field: fields.maxDuration, message: 'This is less than the shortest duration.' });

  const filter = given<Filter>({
    namePattern: pattern !== '' && !tooLong ? pattern : undefined,
    states: nonEmpty(AssessmentRunState.values.filter((state) => all(fields.states).includes(state))),
    durationRange: backwards ? undefined : bounds({ minSeconds, maxSeconds }),
    rulesPackageArns: nonEmpty(all(fields.packages)),
    startTimeRange: range(fields.startedFrom, fields.startedTo),
    completionTimeRange: range(fields.endedFrom, fields.endedTo),
    stateChangeTimeRange: range(fields.changedFrom, fields.changedTo),
  });
  const input = given<Input<'ListAssessmentRuns'>>({
    assessmentTemplateArns: nonEmpty(all(fields.templates)),
    filter: Object.keys(filter).length > 0 ? filter : undefined,
  });
  return { input, problems };
}

const EXPECTED_DURATION = 'Give 1 second to 7 days, as 900, 90s, 15m, 1h or 2d.';
const EXPECTED_TIME = 'Give a day and a time.';
const WEEK = 604_800;

/** Seconds, or a number with s, m, h or d behind it; undefined outside 1 second to a week. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,6})\s*(s|m|h|d)?$/.exec(text.toLowerCase()) ?? [];
  if (digits === undefined) return undefined;
  const seconds = Number(digits) * { s: 1, m: 60, h: 3600, d: 86_400 }[(unit ?? 's') as 's' | 'm' | 'h' | 'd'];
  return seconds >= 1 && seconds <= WEEK ? seconds : undefined;
}

/** A range's end includes all of the minute, or of the second, that was given. */
function endOf(text: string, moment: number | undefined): number | undefined {
  if (moment === undefined || text.includes('.')) return moment;
  return (moment * 1000 + (text.length === 'yyyy-mm-ddThh:mm'.length ? 59_999 : 999)) / 1000;
}

const nonEmpty = <T>(values: T[]): T[] | undefined => (values.length > 0 ? values : undefined);

const bounds = <T extends Record<string, number | undefined>>(range: T): T | undefined =>
  Object.values(range).some((bound) => bound !== undefined) ? given(range) : undefined;

/** The members that have a value. */
const given = <T extends object>(members: T): T =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
