/** How one severity is drawn. Colours are `#rrggbb`. */
export interface SeverityColors {
  /** What a badge, a bar or a square of a legend is filled with, on light and dark pages alike. */
  readonly fill: string;
  /** Words on `fill`. */
  readonly onFill: string;
  /** Words of the same hue on a light page, and on a dark one. */
  readonly ink: string;
  readonly inkOnDark: string;
}

/**
 * The colours of severities in the console and in reports. The fills are those that Cloudscape gives its badges of severity
 * (its design tokens `color-background-notification-severity-*`), so that the console needs no style of its own. Words reach
 * the contrast of 4.5 : 1 that WCAG 2.2 asks for (criterion 1.4.3).
 */
export const severityPalette = {
  High: { fill: '#ce3311', onFill: '#f9f9fa', ink: '#b42c0e', inkOnDark: '#ff9f85' },
  Medium: { fill: '#f89256', onFill: '#0f141a', ink: '#994010', inkOnDark: '#f89256' },
  Low: { fill: '#f2cd54', onFill: '#0f141a', ink: '#6f5700', inkOnDark: '#f2cd54' },
  Informational: { fill: '#656871', onFill: '#f9f9fa', ink: '#5a5d66', inkOnDark: '#b4b7c0' },
  Undefined: { fill: '#424650', onFill: '#f9f9fa', ink: '#424650', inkOnDark: '#a4a8b3' },
} as const satisfies Readonly<Record<string, SeverityColors>>;
