import { readFileSync } from 'node:fs';
import { severityPalette } from '@assay/model/severity-palette.ts';
import { describe, expect, it } from 'vitest';

/** WCAG 2.2, relative luminance. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe('the colours of severities', () => {
  it.each(Object.entries(severityPalette))(
    '%s can be read in a badge, on a light page and on a dark one',
    (_, colors) => {
      expect(contrast(colors.fill, colors.onFill)).toBeGreaterThanOrEqual(4.5);
      for (const paper of ['#ffffff', '#f6f7f9']) expect(contrast(colors.ink, paper)).toBeGreaterThanOrEqual(4.5);
      for (const paper of ['#12161d', '#1a202a']) expect(contrast(colors.inkOnDark, paper)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it('are those of the badges of the console', () => {
    const badges = readFileSync('node_modules/@cloudscape-design/components/badge/styles.scoped.css', 'utf8');
    const fill = (name: string) =>
      new RegExp(`color-background-${name}-[a-z0-9]+, (#[0-9a-f]{6})\\)`).exec(badges)?.[1];
    expect({
      High: fill('notification-severity-high'),
      Medium: fill('notification-severity-medium'),
      Low: fill('notification-severity-low'),
      Informational: fill('notification-severity-neutral'),
      Undefined: fill('badge-grey'),
    }).toEqual(Object.fromEntries(Object.entries(severityPalette).map(([name, colors]) => [name, colors.fill])));
  });
});
