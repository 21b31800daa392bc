import { visibleText } from '@assay/model/safe-text.ts';

const SPECIAL: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands in HTML, in an element or in a quoted attribute; characters that hide are made visible. */
export const text = (value: string): string =>
  visibleText(value).replace(/[&<>"']/g, (special) => SPECIAL[special] ?? '');
