import { severityPalette } from '@assay/model/severity-palette.ts';
import Badge from '@cloudscape-design/components/badge';
import type { ReactNode } from 'react';
import type { SeverityName } from '../data/severities.ts';

/** A severity's colours, the same in light and dark; forced colours draw the border that is otherwise transparent. */
function Coloured({ name, children }: { readonly name: SeverityName; readonly children: ReactNode }): ReactNode {
  const { fill: background, onFill: color } = severityPalette[name];
  return (
    <Badge style={{ root: { background, color, borderColor: 'transparent', borderWidth: '1px' } }}>{children}</Badge>
  );
}

/** A severity by its word and its colour, the same everywhere. */
export const SeverityBadge = ({ severity }: { readonly severity: SeverityName }): ReactNode => (
  <Coloured name={severity}>{severity}</Coloured>
);

export interface Counts {
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly informational: number;
  readonly undefined: number;
}

const names = {
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  informational: 'Informational',
  undefined: 'Undefined',
} as const;

/** How many of each severity there are, the most urgent first; `none` where there are none. */
export function SeverityCounts({
  counts,
  none = 'None',
  short = false,
}: {
  readonly counts: Counts;
  readonly none?: string;
  /** By their first letters; the words on hover. */
  readonly short?: boolean;
}): ReactNode {
  const present = (Object.keys(names) as (keyof Counts)[]).filter((name) => counts[name] > 0);
  if (present.length === 0) return none;
  return (
    <span className="counts">
      {present.map((name) => (
        <Coloured key={name} name={names[name]}>
          {short ? <abbr title={names[name]}>{names[name].slice(0, 1)}</abbr> : names[name]}{' '}
          {counts[name].toLocaleString('en')}
        </Coloured>
      ))}
    </span>
  );
}

/** As the API counts the findings of a run. */
export const countsOf = (counts: Readonly<Record<string, number>>): Counts => ({
  high: counts.High ?? 0,
  medium: counts.Medium ?? 0,
  low: counts.Low ?? 0,
  informational: counts.Informational ?? 0,
  undefined: counts.Undefined ?? 0,
});
