import type { AssayOutput } from '@assay/model/assay/operations.ts';
import { severityPalette } from '@assay/model/severity-palette.ts';
import BarChart from '@cloudscape-design/components/bar-chart';
import type { ReactNode } from 'react';
import { formatTime } from '../../format.ts';

type Points = AssayOutput<'GetOverview'>['trend'];

const series = [
  ['High', 'high'],
  ['Medium', 'medium'],
  ['Low', 'low'],
] as const;

/** The findings of the last runs that ended, by severity. */
export function Trend({ points }: { readonly points: Points }): ReactNode {
  // Two runs may have one name; no two of these have one place.
  const labels = points.map(({ name, completedAt }, index) => `${index + 1}. ${name}, ${formatTime(completedAt)}`);
  return (
    <BarChart
      stackedBars
      height={180}
      hideFilter
      ariaLabel="Findings of the last runs by severity"
      xTitle="Run, the oldest first"
      yTitle="Findings"
      xScaleType="categorical"
      xDomain={labels}
      yDomain={[0, Math.max(1, ...points.map(({ counts }) => counts.high + counts.medium + counts.low))]}
      i18nStrings={{ xTickFormatter: (label) => label.split('.')[0] ?? label }}
      series={series.map(([title, member]) => ({
        type: 'bar',
        title,
        color: severityPalette[title].fill,
        data: points.map(({ counts }, index) => ({ x: labels[index] ?? '', y: counts[member] })),
      }))}
    />
  );
}
