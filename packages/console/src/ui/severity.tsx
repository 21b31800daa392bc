import Badge, { type BadgeProps } from '@cloudscape-design/components/badge';
import type { ReactNode } from 'react';
import type { SeverityName } from '../data/severities.ts';

const colours: Readonly<Record<SeverityName, NonNullable<BadgeProps['color']>>> = {
  High: 'severity-high',
  Medium: 'severity-medium',
  Low: 'severity-low',
  Informational: 'severity-neutral',
  Undefined: 'grey',
};

/** A severity by its word and its colour, the same everywhere. */
export const SeverityBadge = ({ severity }: { readonly severity: SeverityName }): ReactNode => (
  <Badge color={colours[severity]}>{severity}</Badge>
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
        <Badge key={name} color={colours[names[name]]}>
          {short ? <abbr title={names[name]}>{names[name].slice(0, 1)}</abbr> : names[name]}{' '}
          {counts[name].toLocaleString('en')}
        </Badge>
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
