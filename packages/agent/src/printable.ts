/** Words of another machine, fit for a terminal: one line, no control characters, at most `max` characters. */
export const printable = (text: string, max = 500): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .slice(0, max)
    .toWellFormed();
